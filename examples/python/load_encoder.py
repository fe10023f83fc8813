"""Loads the encoder of a salad-ad model in PyTorch, embeds films and scores them.

    python -m venv venv && venv/bin/pip install -r examples/python/requirements.txt
    venv/bin/python examples/python/load_encoder.py model.safetensors films.npy result.npz

model.safetensors is what toSafetensors of 'salad-ad/safetensors' returned. films.npy holds [count, height, width,
channels], of the size that the model takes: uint8, or float32 in [0, 1]. result.npz gets `embeddings` [count, size] and,
where the model has learnt, `angular` [count], the score that model.score returns under this name.

Research software, not a medical device: a score is no diagnosis.
"""

import json
import sys

import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import load_file

from salad_encoder import encoder_of


def local_contrast(film, radius=None):
    """(x - m) / (2 (sqrt(v) + .05)), clamped to 1.5: m and v are means over a box around each pixel of a channel."""
    height, width = film.shape
    radius = radius or max(1, int(6 * min(height, width) / 32 + 0.5))

    def box_mean(plane):
        windows = np.pad(plane, radius, mode="reflect")
        for axis in (0, 1):
            windows = np.lib.stride_tricks.sliding_window_view(windows, 2 * radius + 1, axis).mean(-1)
        return windows

    deviation = film - box_mean(film)
    return np.clip(0.5 * deviation / (np.sqrt(box_mean(deviation**2)) + 0.05), -1.5, 1.5)


def prepared(films, normalization):
    """Films as the network takes them, [count, channels, height, width]."""
    unit = films.astype(np.float64) / (255 if films.dtype == np.uint8 else 1)
    channels_first = unit.transpose(0, 3, 1, 2)
    if normalization["name"] == "none":
        return channels_first
    if normalization["name"] != "localContrast":
        raise SystemExit(f"{normalization['name']} is no normalisation of this script; write it as local_contrast is")
    radius = normalization["options"].get("radius")
    return np.stack([[local_contrast(plane, radius) for plane in film] for film in channels_first])


def angular_score(embeddings, bank, neighbors):
    """The mean angle to the nearest rows of the bank, over pi. From chords, since the cosine of a small angle is rounded."""
    chords = np.linalg.norm(embeddings[:, None].astype(np.float64) - bank, axis=2)
    angles = np.sort(2 * np.arcsin(np.minimum(chords / 2, 1)), axis=1)
    return angles[:, :neighbors].mean(axis=1) / np.pi


def main(model, films, result):
    weights = load_file(model)
    with safe_open(model, "pt") as file:
        metadata = {name: json.loads(text) for name, text in file.metadata().items() if text[:1] in "{["}

    encoder = encoder_of(metadata["backbone"])
    of_encoder = ("encoder.", "projection.")
    encoder.load_state_dict({name: value for name, value in weights.items() if name.startswith(of_encoder)})

    pixels = prepared(np.load(films), metadata["imageNormalization"])
    with torch.inference_mode():
        embeddings = encoder(torch.tensor(pixels, dtype=torch.float32)).numpy()
    found = {"embeddings": embeddings}
    if "bank" in weights:
        bank = weights["bank"][~weights["discard"]].numpy()
        found["angular"] = angular_score(embeddings, bank, metadata["settings"]["scoreNeighbors"])
    np.savez(result, **found)
    print(f"{len(embeddings)} films, embeddings of {embeddings.shape[1]} numbers, in {result}")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit("usage: load_encoder.py model.safetensors films.npy result.npz")
    main(*sys.argv[1:])
