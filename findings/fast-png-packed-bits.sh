#!/usr/bin/env bash
# Guess: fast-png's decode gives a value for each pixel, whatever the bit depth of the PNG: width x height x channels of them.
# What happens: with 1, 2 or 4 bits the rows come packed as the file has them, several pixels to a byte, so data is shorter than
# the image and its numbers are no grey levels. convertIndexedToRgb unpacks palettes; for grey there is nothing of the kind.
. "$(dirname "$0")/support/common.sh"

python_packages pillow==13.0.0
npm_packages fast-png@8.0.0
venv/bin/python - <<'PY'
from PIL import Image

row = Image.frombytes("L", (10, 1), bytes([0, 255] * 5))
row.save("8.png")
row.convert("1").save("1.png")
PY
cat >decode.mjs <<'JS'
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { decode } from 'fast-png';

const { seen } = createRequire(import.meta.url)(process.env.SEEN);
const read = (file) => (({ width, depth, channels, data }) => ({ width, depth, channels, data }))(decode(readFileSync(file)));
const wide = { width: 10, depth: 8, channels: 1, data: [0, 255, 0, 255, 0, 255, 0, 255, 0, 255] };
seen('ten pixels of 8 bits', read('8.png'), wide);
seen('the same of 1 bit', read('1.png'), { width: 10, depth: 1, channels: 1, data: [0b01010101, 0b01000000] });
JS
node decode.mjs

# Seen on 2026-11-28 with:
# Python 3.11.7, pillow==13.0.0
# Node v20.20.2, fast-png@8.0.0
# ten pixels of 8 bits: {"width":10,"depth":8,"channels":1,"data":[0,255,0,255,0,255,0,255,0,255]}
# the same of 1 bit: {"width":10,"depth":1,"channels":1,"data":[85,64]}
