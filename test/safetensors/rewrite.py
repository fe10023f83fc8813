"""Reads a safetensors file with the package safetensors, and writes what it found: rewrite.py file folder

all.npz         every tensor as NumPy has it
again.safetensors   the same tensors and metadata
other.safetensors   without a checksum; weights in float16, whole numbers in int64, the mask in uint8
"""

import sys

import numpy as np
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

path, folder = sys.argv[1:]
tensors = load_file(path)
with safe_open(path, "np") as file:
    metadata = file.metadata()

np.savez(f"{folder}/all.npz", **tensors)
save_file(tensors, f"{folder}/again.safetensors", metadata)


def other(name, values):
    if values.dtype == np.bool_:
        return values.astype(np.uint8)
    if values.dtype == np.int32:
        return values.astype(np.int64)
    return values if name in ("bank", "cells") else values.astype(np.float16)


del metadata["checksum"]
converted = {name: other(name, values) for name, values in tensors.items()}
save_file(converted, f"{folder}/other.safetensors", {**metadata, "framework": "numpy"})
np.savez(f"{folder}/other.npz", **{name: values.astype(np.float32) for name, values in converted.items()})
