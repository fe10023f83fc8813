import sharp from 'sharp';
import { grey16Dicom } from '../../../benchmarks/speed/grey16-dicom.js';
import { sampleFilms } from '../../../examples/browser/sample-films.js';
import { RandomStream } from '../../../src/support/random.js';

const SIDE = 64;

/** The test films of the sample, 64 x 64 bytes each, with their labels. */
export const { test: testFilms, validation: validationFilms } = await sampleFilms();

/** One of the test films. */
export const filmAt = (i: number): Uint8Array =>
  testFilms.pixels.slice(i * SIDE ** 2, (i + 1) * SIDE ** 2);

/** A film as it is, or larger and with a little noise, as PNG. */
export async function pngOf(film: Uint8Array, side = SIDE): Promise<Uint8Array> {
  const raw = { width: SIDE, height: SIDE, channels: 1 } as const;
  if (side === SIDE) return sharp(film, { raw }).png().toBuffer();
  const large = await enlarged(film, side);
  const png = sharp(large, { raw: { width: side, height: side, channels: 1 } });
  return png.toColourspace('b-w').png({ compressionLevel: 1 }).toBuffer();
}

/** The same as DICOM of 12 bits. */
export async function dicomOf(film: Uint8Array, side: number): Promise<Uint8Array> {
  const large = await enlarged(film, side);
  return grey16Dicom(
    Uint16Array.from(large, (value) => 16 * value),
    side,
  );
}

async function enlarged(film: Uint8Array, side: number): Promise<Uint8Array> {
  const random = new RandomStream(3, ['noise']);
  const { data } = await sharp(film, { raw: { width: SIDE, height: SIDE, channels: 1 } })
    .resize(side, side)
    .toColourspace('b-w')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return Uint8Array.from(data, (value) =>
    Math.min(255, Math.max(0, value + random.integer(9) - 4)),
  );
}

/** A drawn photograph: sky over land, a sun and a house; in colour or grey. */
export async function photograph(inColour: boolean): Promise<Uint8Array> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="320" height="240">
    <rect width="320" height="130" fill="#7db4e6"/><rect y="130" width="320" height="110" fill="#4f8a3c"/>
    <circle cx="250" cy="50" r="28" fill="#ffe9a0"/><rect x="60" y="90" width="90" height="90" fill="#a4502f"/>
    <path d="M50 92l55-45 55 45z" fill="#5b2c1c"/><rect x="95" y="135" width="24" height="45" fill="#2c1810"/></svg>`;
  const picture = sharp(Buffer.from(svg)).removeAlpha();
  return (inColour ? picture : picture.greyscale()).png().toBuffer();
}
