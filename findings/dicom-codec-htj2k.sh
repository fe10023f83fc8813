#!/usr/bin/env bash
# Guess: what @cornerstonejs/dicom-codec resolves to is the caller's to keep, and its encode is undone by its decode.
# What happens: for High-Throughput JPEG 2000 both give views of memory that the codec uses again. The encoded frame begins
# with other bytes than a codestream's FF 4F FF 51, and the pixels of a decoded frame change when the next frame is decoded. For JPEG-LS
# and JPEG 2000 they stay. Decoded pixels that are copied before the next call are right.
. "$(dirname "$0")/support/common.sh"

npm_packages @cornerstonejs/dicom-codec@1.0.9 @cornerstonejs/codec-openjph@2.4.11 \
  @cornerstonejs/codec-charls@1.2.7 @cornerstonejs/codec-openjpeg@1.3.6
cat >codec.cjs <<'JS'
const { seen } = require(process.env.SEEN);
const codec = require('@cornerstonejs/dicom-codec');

console.log = () => {};
const say = (text) => process.stdout.write(`${text}\n`);
const side = { rows: 64, columns: 64, width: 64, height: 64, signed: false, isSigned: false, isUsingColorTransform: false };
const info = { ...side, bitsAllocated: 16, bitsStored: 16, bitsPerSample: 16, componentCount: 1, samplesPerPixel: 1 };
const films = [0, 1].map((film) => Uint16Array.from({ length: 4096 }, (_, i) => (film ? 65535 - (i >> 6) : (i % 64) * 900)));
const right = (pixels, film) => pixels.length === 4096 && pixels.every((value, i) => value === films[film][i]);

/** The package that dicom-codec calls, used by itself: makes a codestream. */
async function encode(name, Encoder, film) {
  const encoder = new (await require(name)({ print() {}, printErr() {} }))[Encoder]();
  encoder.getDecodedBuffer(info).set(new Uint8Array(films[film].buffer));
  encoder.setNearLossless?.(0);
  if (Encoder !== 'JpegLSEncoder') encoder.setQuality(true, 0);
  encoder.encode();
  return encoder.getEncodedBuffer().slice();
}
async function decode(coded, syntax) {
  const { imageFrame, imageInfo } = await codec.decode(coded, { ...info }, syntax);
  return codec.getPixelData(imageFrame, imageInfo, syntax);
}
(async () => {
  for (const [id, syntax, name, Encoder] of [
    ['JPEG-LS', '1.2.840.10008.1.2.4.80', '@cornerstonejs/codec-charls', 'JpegLSEncoder'],
    ['JPEG 2000', '1.2.840.10008.1.2.4.90', '@cornerstonejs/codec-openjpeg', 'J2KEncoder'],
    ['HTJ2K', '1.2.840.10008.1.2.4.201', '@cornerstonejs/codec-openjph', 'HTJ2KEncoder'],
  ]) {
    const kept = id !== 'HTJ2K';
    const first = await decode(await encode(name, Encoder, 0), syntax);
    tell(`${id}, first film right`, right(first, 0), true);
    tell(`${id}, second film right`, right(await decode(await encode(name, Encoder, 1), syntax), 1), true);
    tell(`${id}, first film still right`, right(first, 0), kept);
    const { imageFrame } = await codec.encode(new Uint8Array(films[0].buffer), info, syntax);
    tell(`${id}, encode gives a start marker`, [0xd8, 0x4f].includes(imageFrame[1]) && imageFrame[0] === 0xff, kept);
  }
  process.exit(0);
})();
function tell(what, got, found) {
  console.log = say;
  seen(what, got, found);
  console.log = () => {};
}
JS
node codec.cjs

# Seen on 2026-11-28 with:
# Node v20.20.2, @cornerstonejs/dicom-codec@1.0.9 @cornerstonejs/codec-openjph@2.4.11 @cornerstonejs/codec-charls@1.2.7 @cornerstonejs/codec-openjpeg@1.3.6
# JPEG-LS, first film right: true
# JPEG-LS, second film right: true
# JPEG-LS, first film still right: true
# JPEG-LS, encode gives a start marker: true
# JPEG 2000, first film right: true
# JPEG 2000, second film right: true
# JPEG 2000, first film still right: true
# JPEG 2000, encode gives a start marker: true
# HTJ2K, first film right: true
# HTJ2K, second film right: true
# HTJ2K, first film still right: false
# HTJ2K, encode gives a start marker: false
