#!/usr/bin/env bash
# Guess: jpeg-lossless-decoder-js, behind many DICOM viewers, decodes all of lossless JPEG as ITU-T T.81 (annex H) has it.
# What happens: two features are decoded into wrong pixels without an error. A point transform Pt is ignored: samples are not
# scaled back by 2 ** Pt and the first prediction is not 2 ** (bits - Pt - 1). After a restart marker predictors 2 to 7 go on
# predicting from the row above, where the standard starts anew from the left; predictor 1 is right. libjpeg-turbo (in Pillow)
# gives back the pixels that were encoded, and so does gdcm for the same files.
. "$(dirname "$0")/support/common.sh"

python_packages pillow==13.0.0
npm_packages jpeg-lossless-decoder-js@2.1.2
cat >decode.mjs <<'JS'
import { readFileSync } from 'node:fs';
import { Decoder } from 'jpeg-lossless-decoder-js';

const { buffer, length } = Uint8Array.from(readFileSync('film.jpg'));
console.log([...new Decoder().decode(buffer, 0, length, 1)].join(' '));
JS
venv/bin/python - <<'PY'
import subprocess

from lossless_jpeg import encode
from PIL import Image
from seen import seen

film = [[(37 * x + 91 * y + 13 * x * y) % 64 * 4 for x in range(6)] for y in range(4)]
pixels = sum(film, [])


def wrong(decoded):
    """How many of the 24 pixels differ from what was encoded."""
    return sum(a != b for a, b in zip(decoded, pixels, strict=True))


for predictor in range(1, 8):
    options = {"plain": {}, "point transform 1": {"point_transform": 1}, "a restart each row": {"restart_rows": 1}}
    for name, option in options.items():
        with open("film.jpg", "wb") as file:
            file.write(encode(film, 8, predictor, **option))
        turbo = wrong(list(Image.open("film.jpg").tobytes()))
        text = subprocess.run(["node", "decode.mjs"], capture_output=True, check=True, text=True).stdout
        right = wrong([int(value) for value in text.split()]) == 0
        expected = name == "plain" or (name == "a restart each row" and predictor == 1)
        got = {"Pillow": turbo == 0, "jpeg-lossless-decoder-js": right}
        seen(f"predictor {predictor}, {name}, right", got, {"Pillow": True, "jpeg-lossless-decoder-js": expected})
PY

# Seen on 2026-11-28 with:
# Python 3.11.7, pillow==13.0.0
# Node v20.20.2, jpeg-lossless-decoder-js@2.1.2
# predictor 1, plain, right: {'Pillow': True, 'jpeg-lossless-decoder-js': True}
# predictor 1, point transform 1, right: {'Pillow': True, 'jpeg-lossless-decoder-js': False}
# predictor 1, a restart each row, right: {'Pillow': True, 'jpeg-lossless-decoder-js': True}
# predictor 2, plain, right: {'Pillow': True, 'jpeg-lossless-decoder-js': True}
# predictor 2, point transform 1, right: {'Pillow': True, 'jpeg-lossless-decoder-js': False}
# predictor 2, a restart each row, right: {'Pillow': True, 'jpeg-lossless-decoder-js': False}
# predictor 3, plain, right: {'Pillow': True, 'jpeg-lossless-decoder-js': True}
# predictor 3, point transform 1, right: {'Pillow': True, 'jpeg-lossless-decoder-js': False}
# predictor 3, a restart each row, right: {'Pillow': True, 'jpeg-lossless-decoder-js': False}
# predictor 4, plain, right: {'Pillow': True, 'jpeg-lossless-decoder-js': True}
# predictor 4, point transform 1, right: {'Pillow': True, 'jpeg-lossless-decoder-js': False}
# predictor 4, a restart each row, right: {'Pillow': True, 'jpeg-lossless-decoder-js': False}
# predictor 5, plain, right: {'Pillow': True, 'jpeg-lossless-decoder-js': True}
# predictor 5, point transform 1, right: {'Pillow': True, 'jpeg-lossless-decoder-js': False}
# predictor 5, a restart each row, right: {'Pillow': True, 'jpeg-lossless-decoder-js': False}
# predictor 6, plain, right: {'Pillow': True, 'jpeg-lossless-decoder-js': True}
# predictor 6, point transform 1, right: {'Pillow': True, 'jpeg-lossless-decoder-js': False}
# predictor 6, a restart each row, right: {'Pillow': True, 'jpeg-lossless-decoder-js': False}
# predictor 7, plain, right: {'Pillow': True, 'jpeg-lossless-decoder-js': True}
# predictor 7, point transform 1, right: {'Pillow': True, 'jpeg-lossless-decoder-js': False}
# predictor 7, a restart each row, right: {'Pillow': True, 'jpeg-lossless-decoder-js': False}
