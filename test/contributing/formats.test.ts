import { expect, it } from 'vitest';
import { loadSeeds } from '../../benchmarks/fuzz/seeds.js';
import { imageFormat, SIGNATURES } from '../../src/decoding/image-format.js';
import { readImageHeader } from '../../src/decoding/read-image-header.js';
import { dicom } from '../../src/dicom/dicom.js';
import { nodeImages } from '../../src/node/node-images.js';
import { expectedImages, imageFile } from '../decoding/fixtures.js';
import { rowsOf, touchPoints } from './touch-points.js';

const at = touchPoints('A file format');
at('src/decoding/image-format.ts');
at('src/decoding/read-image-header.ts');
at('src/node/node-images.ts');
at('test/fixtures/images/');
at('test/fixtures/fuzz/seeds/');
at('benchmarks/fuzz/seeds.ts');
const page = rowsOf(at('docs/image-sources.md'));

/** The first bytes of a file of that format. */
function headOf({ at: place, text }: (typeof SIGNATURES)[number]): Uint8Array {
  const head = new Uint8Array(512);
  head.set(
    Array.from(text, (character) => character.charCodeAt(0)),
    place,
  );
  return head;
}

const decoders = [dicom(), nodeImages()];
const formats = new Set(
  SIGNATURES.filter((one) => decoders.some(({ accepts }) => accepts(headOf(one)))).map(
    ({ format }) => format,
  ),
);
// DICOM has readers, fixtures and pages of its own: src/dicom, test/dicom, docs/dicom.md.
formats.delete('application/dicom');

it('there are formats to look at', () => expect(formats.size).toBeGreaterThan(3));

it.each([...formats])('%s is everywhere that a format is to be', (format) => {
  const fixtures = Object.keys(expectedImages).filter(
    (name) => imageFormat(imageFile(name)) === format,
  );
  expect(fixtures.length, 'an image with its expected pixels').toBeGreaterThan(0);
  const { height, width } = readImageHeader('a test', imageFile(fixtures[0]), { maxPixels: 1e6 });
  expect([height, width]).toEqual(expectedImages[fixtures[0]].shape.slice(0, 2));
  const seeds = loadSeeds().filter(({ bytes }) => imageFormat(bytes) === format);
  expect(seeds.length, 'a seed that is mutated').toBeGreaterThan(0);
  const name = format.replace('image/', '');
  expect(page.some((row) => row.split('|')[1].match(new RegExp(`\\b${name}\\b`, 'i')))).toBe(true);
});
