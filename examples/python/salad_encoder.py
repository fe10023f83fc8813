"""The encoders of salad-ad as modules of PyTorch, whose state_dict has the names of a safetensors file.

Padding is what differs from the usual: a convolution of stride 2 gets ceil(size / 2) places as TensorFlow places them,
with more padding below and to the right than above and to the left. So it is added here, before each convolution.
"""

import math

import torch
import torch.nn.functional as F
from torch import nn


class Convolution(nn.Module):
    """A convolution, batch normalisation, leaky ReLU: of slope 0 a ReLU, of slope 1 none."""

    def __init__(self, inputs, outputs, kernel, stride, slope):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, bias=False)
        self.norm = nn.BatchNorm2d(outputs, eps=1e-5)
        self.slope = slope

    def forward(self, x):
        return F.leaky_relu(self.norm(self.conv(self.padded(x))), self.slope)

    def padded(self, x):
        def around(size):
            kernel, stride = self.conv.kernel_size[0], self.conv.stride[0]
            total = max(0, (math.ceil(size / stride) - 1) * stride + kernel - size)
            return total // 2, total - total // 2

        return F.pad(x, (*around(x.shape[3]), *around(x.shape[2])))


class Block(nn.Module):
    """A residual block of ResNet-18."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.first = Convolution(inputs, outputs, 3, stride, slope=0)
        self.second = Convolution(outputs, outputs, 3, 1, slope=1)
        same = stride == 1 and inputs == outputs
        self.shortcut = nn.Identity() if same else Convolution(inputs, outputs, 1, stride, slope=1)

    def forward(self, x):
        return F.relu(self.second(self.first(x)) + self.shortcut(x))


class ConvEncoder(nn.Module):
    """The encoder of convAutoencoder: the last map is flattened, projected and brought to unit length."""

    def __init__(self, inputShape, channels, convsPerLevel, embeddingSize, activationSlope, **_):
        super().__init__()
        height, width, inputs = inputShape
        self.encoder = nn.ModuleList()
        for outputs in channels:
            before = [inputs] + [outputs] * (convsPerLevel - 1)
            self.encoder.append(
                nn.Sequential(
                    *[
                        Convolution(size, outputs, 3, 2 if i == 0 else 1, activationSlope)
                        for i, size in enumerate(before)
                    ]
                )
            )
            height, width, inputs = math.ceil(height / 2), math.ceil(width / 2), outputs
        self.projection = nn.Linear(height * width * inputs, embeddingSize)

    def forward(self, films):
        for level in self.encoder:
            films = level(films)
        return F.normalize(self.projection(films.flatten(1)))


class ResnetEncoder(nn.Module):
    """The encoder of resnetAutoencoder: the mean of the last map over its places is projected and brought to unit length."""

    def __init__(self, inputShape, width, embeddingSize, **_):
        super().__init__()
        stem = Convolution(inputShape[2], width, 7, 2, slope=0)
        stages = {
            str(stage): nn.Sequential(
                Block(width * 2 ** max(0, stage - 1), width * 2**stage, 1 if stage == 0 else 2),
                Block(width * 2**stage, width * 2**stage, 1),
            )
            for stage in range(4)
        }
        self.encoder = nn.ModuleDict({"stem": stem, **stages})
        self.projection = nn.Linear(8 * width, embeddingSize)

    def forward(self, films):
        for stage in self.encoder.values():
            films = stage(films)
        return F.normalize(self.projection(films.mean((2, 3))))


def encoder_of(backbone):
    """An encoder as the metadata of a file describes it: its `backbone`, read from JSON."""
    kinds = {"convAutoencoder": ConvEncoder, "resnetAutoencoder": ResnetEncoder}
    if backbone["kind"] not in kinds:
        raise SystemExit(f"{backbone['kind']} is no encoder of this script; expected one of {', '.join(kinds)}")
    return kinds[backbone["kind"]](**backbone).eval()
