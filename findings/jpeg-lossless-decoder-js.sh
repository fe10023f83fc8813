#!/usr/bin/env bash
# Guess: jpeg-lossless-decoder-js, behind many DICOM viewers, decodes all of lossless JPEG as ITU-T T.81 (annex H) has it.
# What happens: pixels are wrong without an error. A point transform Pt is ignored: samples are not scaled back by 2 ** Pt and the
# first prediction is not 2 ** (bits - Pt - 1). After a restart marker predictors 2 to 7 go on predicting from the row above, where
# the standard starts anew from the left; with predictor 1 the last pixel before a restart loses the bits of its difference where
# they lie close to the marker. And a last pixel whose difference is 0 and whose code ends a byte comes as 0, as in one of eight
# films that end in black. libjpeg-turbo (in Pillow) gives back the pixels that were encoded, and so does gdcm for the same files.
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

ROUGH = [[(37 * x + 91 * y + 13 * x * y) % 64 * 4 for x in range(6)] for y in range(4)]
SMOOTH = [[128 + (5 * x + 3 * y + x * y) % 4 for x in range(8)] for y in range(4)]
FLAT = [[128] * 8 for y in range(4)]


def compare(what, film, found, predictor, **options):
    """Whether Pillow and the package give back what was encoded."""
    with open("film.jpg", "wb") as file:
        file.write(encode(film, 8, predictor, **options))
    pixels = sum(film, [])
    text = subprocess.run(["node", "decode.mjs"], capture_output=True, check=True, text=True).stdout
    js = [int(value) for value in text.split()]
    got = {"Pillow": list(Image.open("film.jpg").tobytes()) == pixels, "jpeg-lossless-decoder-js": js == pixels}
    seen(f"predictor {predictor}, {what}, right", got, {"Pillow": True, "jpeg-lossless-decoder-js": found})
    return [i for i, (a, b) in enumerate(zip(js, pixels, strict=True)) if a != b]


for predictor in range(1, 8):
    compare("plain", ROUGH, True, predictor)
    compare("point transform 1", ROUGH, False, predictor, point_transform=1)
    compare("a restart each row", ROUGH, predictor == 1, predictor, restart_rows=1)
wrong = compare("a restart each row, smooth", SMOOTH, False, 1, restart_rows=1)
seen("which of 8 x 4 pixels are wrong, of ends of rows", wrong, [7, 15])
wrong = compare("a last difference of 0 that ends a byte", FLAT, False, 1)
seen("which of 8 x 4 pixels are wrong", wrong, [31])
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
# predictor 1, a restart each row, smooth, right: {'Pillow': True, 'jpeg-lossless-decoder-js': False}
# which of 8 x 4 pixels are wrong, of ends of rows: [7, 15]
# predictor 1, a last difference of 0 that ends a byte, right: {'Pillow': True, 'jpeg-lossless-decoder-js': False}
# which of 8 x 4 pixels are wrong: [31]
