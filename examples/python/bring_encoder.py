"""Exports a PyTorch encoder as one .onnx file whose outputs are its maps, for frozenEncoder of 'salad-ad/encoders'.

    python -m venv venv && venv/bin/pip install -r examples/python/requirements.txt
    venv/bin/python examples/python/bring_encoder.py encoder.onnx
    npx tsx examples/06-torch-encoder.ts --encoder encoder.onnx

The encoder here is small and its weights are random: put your own in the place of small_encoder, and name the layers
whose maps are to be read, from shallow to deep. One file, operators of version 17, any number of films: each of the
three has to be asked for.

--check films.npy maps.npz writes what PyTorch makes of films [count, channels, height, width] in float32.
"""

import sys

import numpy as np
import onnx
import torch
from torch import nn

SIZE = 64  # height and width of a film, in pixels
CHANNELS = 3
LAYERS = ["level2", "level3"]


def small_encoder():
    torch.manual_seed(7)

    def level(inputs, outputs):
        return nn.Sequential(nn.Conv2d(inputs, outputs, 3, 2, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU())

    net = nn.Sequential()
    net.add_module("level1", level(CHANNELS, 16))
    net.add_module("level2", level(16, 32))
    net.add_module("level3", level(32, 64))
    net.add_module("head", nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10)))
    # Statistics as training leaves them, so that the export has something to fold.
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.uniform_(module.running_mean, -0.5, 0.5)
            nn.init.uniform_(module.running_var, 0.5, 2)
    return net


class Maps(nn.Module):
    """What the layers of a network return that have these names (`named_modules` lists them)."""

    def __init__(self, net, layers):
        super().__init__()
        self.net = net
        self.layers = layers

    def forward(self, pixels):
        found = {}
        hooks = [
            self.net.get_submodule(name).register_forward_hook(
                lambda module, inputs, output, name=name: found.update({name: output})
            )
            for name in self.layers
        ]
        self.net(pixels)
        for hook in hooks:
            hook.remove()
        return tuple(found[name] for name in self.layers)


def export(maps, path):
    # Two films: of one, the exporter takes it that there is always one.
    torch.onnx.export(
        maps,
        (torch.zeros(2, CHANNELS, SIZE, SIZE),),
        path,
        dynamo=True,
        opset_version=17,
        external_data=False,
        input_names=["pixels"],
        output_names=maps.layers,
        dynamic_shapes={"pixels": {0: torch.export.Dim("films")}},
        verbose=False,
    )
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    version = model.opset_import[0].version
    if version != 17:
        sys.exit(f"{path} has operators of version {version}; expected 17, which every runtime of recent years reads")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("usage: bring_encoder.py encoder.onnx [--check films.npy maps.npz]")
    maps = Maps(small_encoder(), LAYERS).eval()
    export(maps, sys.argv[1])
    if sys.argv[2:3] == ["--check"]:
        with torch.inference_mode():
            found = maps(torch.from_numpy(np.load(sys.argv[3])))
        np.savez(sys.argv[4], **{name: value.numpy() for name, value in zip(LAYERS, found)})
    print(f"{sys.argv[1]}: maps of {', '.join(LAYERS)}")
