#!/usr/bin/env bash
# Guess: the same tensors and the same metadata, saved twice, are the same bytes, so that a file's hash names its content.
# What happens: safetensors writes the metadata's keys in another order each time, within one process too; files with more than
# one key differ although they say the same. Without metadata, or with one key, the bytes are equal. Compare tensors, not files.
. "$(dirname "$0")/support/common.sh"

python_packages safetensors==0.8.0 numpy==2.4.6
venv/bin/python - <<'PY'
import numpy as np
from safetensors.numpy import load, save
from seen import seen

tensors = {"bank": np.ones((2, 3), np.float32), "count": np.array([2], np.int64)}


def files(keys, times=50):
    return [save(tensors, metadata={key: "1" for key in keys} or None) for _ in range(times)]


seen("50 files without metadata, different ones", len(set(files(""))), 1)
seen("50 files with one key, different ones", len(set(files("a"))), 1)
many = files("abcdefgh")
seen("50 files with eight keys, more than one kind", len(set(many)) > 1, True)
seen("their tensors, different ones", len({str(sorted(load(file).items())) for file in many}), 1)
PY

# Seen on 2026-11-28 with:
# Python 3.11.7, safetensors==0.8.0 numpy==2.4.6
# 50 files without metadata, different ones: 1
# 50 files with one key, different ones: 1
# 50 files with eight keys, more than one kind: True
# their tensors, different ones: 1
