"""Decodes embeddings by the weights of a file, with functions of PyTorch: decode.py file embeddings.npy result.npz

For convAutoencoder with one convolution a level and transposed convolutions.
"""

import json
import math
import sys

import numpy as np
import torch
import torch.nn.functional as F
from safetensors import safe_open
from safetensors.torch import load_file

path, given, result = sys.argv[1:]
weights = load_file(path)
backbone = json.loads(safe_open(path, "pt").metadata()["backbone"])


def normalized(x, name):
    of = lambda end: weights[f"{name}.{end}"]
    y = F.batch_norm(x, of("running_mean"), of("running_var"), of("weight"), of("bias"), eps=1e-5)
    return F.leaky_relu(y, backbone["activationSlope"])


def halved(size, times):
    return math.ceil(size / 2**times)


height, width, _ = backbone["inputShape"]
levels = len(backbone["channels"])
x = F.linear(torch.from_numpy(np.load(given)), weights["expansion.linear.weight"])
x = x.view(len(x), backbone["channels"][-1], halved(height, levels), halved(width, levels))
x = normalized(x, "expansion.norm")
for level in reversed(range(levels)):
    name = f"decoder.{level}.0"
    x = F.conv_transpose2d(x, weights[f"{name}.conv.weight"], weights.get(f"{name}.conv.bias"), stride=2, padding=1)
    x = x[:, :, : halved(height, level), : halved(width, level)]
    x = normalized(x, f"{name}.norm") if level > 0 else x
np.savez(result, images=x.permute(0, 2, 3, 1).numpy())
