#!/usr/bin/env bash
# Guess: sharp gives the values of a 16-bit grey PNG by raw({ depth: 'ushort' }), one for each pixel.
# What happens: it makes three channels of it, and 16-bit numbers that hold the upper 8 bits alone: 257 is read as 1. greyscale() gives
# one channel, with the same loss. Writing loses likewise: 16-bit pixels become an 8-bit PNG in colour. With toColourspace('grey16')
# both ways are exact.
. "$(dirname "$0")/support/common.sh"

npm_packages sharp@0.35.5
cat >grey.mjs <<'JS'
import { createRequire } from 'node:module';
import sharp from 'sharp';

const { seen } = createRequire(import.meta.url)(process.env.SEEN);
const film = Uint16Array.of(0, 1, 257, 4660, 65535);
const fromPixels = () => sharp(film, { raw: { width: 5, height: 1, channels: 1 } });
const png = await fromPixels().toColourspace('grey16').png().toBuffer();
async function values(image) {
  const { data, info } = await image.raw({ depth: 'ushort' }).toBuffer({ resolveWithObject: true });
  const numbers = new Uint16Array(data.buffer, data.byteOffset, data.length / 2);
  return { channels: info.channels, values: numbers.filter((_, i) => i % info.channels === 0) };
}
const kind = (file) => ({ bits: file[24], colour: { 0: 'grey', 2: 'rgb' }[file[25]] }); // of the PNG's header

seen('the file', kind(png), { bits: 16, colour: 'grey' });
seen('as it is', await values(sharp(png)), { channels: 3, values: [0, 0, 1, 18, 255] });
seen('greyscale()', await values(sharp(png).greyscale()), { channels: 1, values: [0, 0, 1, 18, 255] });
seen("toColourspace('grey16')", await values(sharp(png).toColourspace('grey16')), { channels: 1, values: [...film] });
seen('written without it', kind(await fromPixels().png().toBuffer()), { bits: 8, colour: 'rgb' });
JS
node grey.mjs

# Seen on 2026-11-28 with:
# Node v20.20.2, sharp@0.35.5
# the file: {"bits":16,"colour":"grey"}
# as it is: {"channels":3,"values":[0,0,1,18,255]}
# greyscale(): {"channels":1,"values":[0,0,1,18,255]}
# toColourspace('grey16'): {"channels":1,"values":[0,1,257,4660,65535]}
# written without it: {"bits":8,"colour":"rgb"}
