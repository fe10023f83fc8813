#!/usr/bin/env bash
# Guess: @cornerstonejs/codec-openjpeg and codec-openjph, behind many DICOM viewers, decode what OpenJPEG and OpenJPH decode.
# What happens: of JPEG 2000 and High-Throughput JPEG 2000 whose samples have a sign and 8 bits or fewer, every value below 0
# comes as 0, without an error. With 9 bits and more all values are right, as they are in imagecodecs, which has the same two libraries.
. "$(dirname "$0")/support/common.sh"

python_packages imagecodecs==2026.3.6 numpy==2.4.6 pylibjpeg-openjpeg==2.6.0
npm_packages @cornerstonejs/codec-openjpeg@1.3.6 @cornerstonejs/codec-openjph@2.4.11
cat >decode.cjs <<'JS'
const [, , name, decoderName, file] = process.argv;
require(name)({ print() {}, printErr() {} }).then((module) => {
  const decoder = new module[decoderName]();
  const coded = require('fs').readFileSync(file);
  decoder.getEncodedBuffer(coded.length).set(coded);
  decoder.decode();
  const { bitsPerSample } = decoder.getFrameInfo();
  const bytes = decoder.getDecodedBuffer().slice();
  const values = bitsPerSample > 8 ? new Int16Array(bytes.buffer) : new Int8Array(bytes.buffer);
  console.log([...values].join(' '));
});
JS
venv/bin/python - <<'PY'
import subprocess

import imagecodecs
import numpy as np
from openjpeg.utils import encode_array
from seen import seen

OPENJPEG = ["@cornerstonejs/codec-openjpeg", "J2KDecoder"]
OPENJPH = ["@cornerstonejs/codec-openjph", "HTJ2KDecoder"]


def decoded(code, codec):
    with open("film.j2k", "wb") as file:
        file.write(code[code.find(b"\xff\x4f\xff\x51") :])
    text = subprocess.run(["node", "decode.cjs", *codec, "film.j2k"], capture_output=True, check=True, text=True).stdout
    return np.array([int(value) for value in text.split()])


for bits in (6, 8, 9, 12):
    film = np.linspace(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1, 4096).astype("i1" if bits <= 8 else "i2").reshape(64, 64)
    codes = {"JPEG 2000": (encode_array(film, bits_stored=bits), OPENJPEG)}
    if bits == 8:
        codes["HTJ2K"] = (imagecodecs.htj2k_encode(film), OPENJPH)
    for name, (code, codec) in codes.items():
        decode = imagecodecs.jpeg2k_decode if codec is OPENJPEG else imagecodecs.htj2k_decode
        right = np.array_equal(decode(code).reshape(-1), film.reshape(-1))
        got = decoded(code, codec)
        kind = "right" if np.array_equal(got, film.reshape(-1)) else "other"
        if np.array_equal(got, np.maximum(film.reshape(-1), 0)):
            kind = "0 for all below 0"
        found = {"imagecodecs": True, codec[0]: "0 for all below 0" if bits <= 8 else "right"}
        seen(f"{name}, signed, {bits} bits", {"imagecodecs": right, codec[0]: kind}, found)
PY

# Seen on 2026-11-28 with:
# Python 3.11.7, imagecodecs==2026.3.6 numpy==2.4.6 pylibjpeg-openjpeg==2.6.0
# Node v20.20.2, @cornerstonejs/codec-openjpeg@1.3.6 @cornerstonejs/codec-openjph@2.4.11
# JPEG 2000, signed, 6 bits: {'imagecodecs': True, '@cornerstonejs/codec-openjpeg': '0 for all below 0'}
# JPEG 2000, signed, 8 bits: {'imagecodecs': True, '@cornerstonejs/codec-openjpeg': '0 for all below 0'}
# HTJ2K, signed, 8 bits: {'imagecodecs': True, '@cornerstonejs/codec-openjph': '0 for all below 0'}
# JPEG 2000, signed, 9 bits: {'imagecodecs': True, '@cornerstonejs/codec-openjpeg': 'right'}
# JPEG 2000, signed, 12 bits: {'imagecodecs': True, '@cornerstonejs/codec-openjpeg': 'right'}
