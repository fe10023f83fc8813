import { readdirSync, readFileSync } from 'node:fs';
import { encode } from 'fast-png';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { RandomStream } from '../../src/support/random.js';
import { chunk } from '../decoding/png-chunks.js';
import { missingIn } from '../safetensors/python.js';
import { decimal, dicomOf, rescale, short, table, windowOf } from './dicom-of-kinds.js';
import { type Film, type Read, readByLibrary, readByPython } from './read-by-python.js';

const missing = missingIn('numpy', 'pydicom', 'pyvips');
const padding = (value: number, limit?: number) => [
  ...short(0x00280120, value),
  ...(limit === undefined ? [] : short(0x00280121, limit)),
];
const interest = { first: 500, bits: 10, values: Array.from({ length: 3000 }, (_, i) => i % 1024) };
const bytes = { first: 500, bits: 8, values: Array.from({ length: 3000 }, (_, i) => i & 255) };
const modality = { first: 100, bits: 12, values: Array.from({ length: 3800 }, (_, i) => 4095 - i) };

const dicoms: Record<string, Uint8Array> = {
  'all bits': dicomOf({}),
  'a window': dicomOf({ more: windowOf(1800.5, 2100) }),
  'a window of width 1': dicomOf({ more: windowOf(2000.5, 1) }),
  'two windows': dicomOf({
    more: [...decimal(0x00281050, '900\\2000'), ...decimal(0x00281051, '700\\4000')],
  }),
  'a window after a rescale': dicomOf({
    more: [...windowOf(-300, 1500.25), ...rescale(1.5, -1024)],
  }),
  sigmoid: dicomOf({ more: windowOf(2000, 900, 'SIGMOID') }),
  'a linear window, exact': dicomOf({ more: windowOf(2000, 901.5, 'LINEAR_EXACT') }),
  'a table of interest': dicomOf({
    more: [...windowOf(2000, 1), ...table(0x00283010, interest)],
  }),
  'a table of interest below 0': dicomOf({
    more: [...rescale(1, -1024), ...table(0x00283010, { ...interest, first: -700 })],
  }),
  'a table with a sign of its own': dicomOf({
    more: table(0x00283010, { ...interest, first: -700 }, { descriptor: 'SS' }),
  }),
  'a table in bytes': dicomOf({ more: table(0x00283010, bytes, { packed: true }) }),
  'a table of numbers': dicomOf({ more: table(0x00283010, interest, { data: 'US' }) }),
  'a modality table': dicomOf({ more: table(0x00283000, modality) }),
  'a modality table and a window': dicomOf({
    more: [...windowOf(2000, 3000), ...table(0x00283000, modality)],
  }),
  'signed, all bits': dicomOf({ signed: true }),
  'signed, a window': dicomOf({ signed: true, more: windowOf(100, 900) }),
  'signed, padding below 0': dicomOf({ signed: true, more: padding(-2048, -2000) }),
  MONOCHROME1: dicomOf({ inverted: true }),
  'MONOCHROME1, a window and padding': dicomOf({
    inverted: true,
    more: [...padding(4095), ...windowOf(1800, 2100)],
  }),
  padding: dicomOf({ more: padding(4095) }),
  'a range of padding': dicomOf({ more: padding(3000, 2500) }),
  'a negative slope': dicomOf({ more: rescale(-1, 4095) }),
  'a negative slope and a window': dicomOf({
    more: [...windowOf(-2000, 1000), ...rescale(-1, 0)],
  }),
  '8 bits': dicomOf({ bits: 8, more: windowOf(100, 120) }),
  '16 bits': dicomOf({ bits: 16, more: windowOf(30000, 40001.5) }),
  'signed, 16 bits': dicomOf({ bits: 16, signed: true }),
};

const refusedDicoms: Record<string, Uint8Array> = {
  'all padding': dicomOf({ values: [7, 8, 9, 7], more: padding(7, 9) }),
  'a window beside all values': dicomOf({ values: [7, 8, 9, 7], more: windowOf(3000, 10) }),
  'a window of width 0': dicomOf({ more: windowOf(2000, 0) }),
  'a centre without a width': dicomOf({ more: decimal(0x00281050, 900) }),
  'a window of an unknown shape': dicomOf({ more: windowOf(2000, 900, 'CUBIC') }),
  'a table that is too short': dicomOf({
    more: table(0x00283010, { first: 0, bits: 17, values: [1, 2] }),
  }),
};

/** Grey of 16 bits whose values are those given. */
function deepPng(values: ArrayLike<number>, significant?: number): Uint8Array {
  const data = Uint16Array.from(values);
  const png = encode({ width: data.length / 4, height: 4, data, channels: 1, depth: 16 });
  if (!significant) return png;
  return Uint8Array.from([
    ...png.subarray(0, 33),
    ...chunk('sBIT', [significant]),
    ...png.subarray(33),
  ]);
}
const ramp12 = Array.from({ length: 4096 }, (_, i) => i);

async function images(): Promise<Record<string, Uint8Array>> {
  const raw = { width: 16, height: 12, channels: 1 as const };
  const grey = sharp(
    Uint8Array.from({ length: 192 }, (_, i) => (i * 37) & 255),
    { raw },
  );
  const film = grey.toColourspace('b-w').jpeg();
  const turned: Record<string, Uint8Array> = {};
  for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8])
    turned[`a JPEG of orientation ${orientation}`] = await film
      .clone()
      .withMetadata({ orientation })
      .toBuffer();
  const alpha = (channels: 2 | 4) =>
    encode({
      width: 64,
      height: 64,
      data: Uint8Array.from({ length: 4096 * channels }, (_, i) => (i * 73 + (i >> 8)) & 255),
      channels,
      depth: 8,
    });
  return {
    ...turned,
    'grey and alpha': alpha(2),
    'colour and alpha': alpha(4),
    '16 bits': deepPng(ramp12),
    '16 bits, 12 in use': deepPng(ramp12, 12),
    '16 bits, 12 scaled up': deepPng(
      ramp12.map((value) => (value << 4) | (value >> 8)),
      12,
    ),
  };
}

/**
 * What the table of docs/onnx.md names: the library refuses it too, or it is of several frames, coloured, lossy, without a mark, or in the upper bits.
 * Lossless JPEG is read where pydicom has a decoder.
 */
const NOT_READ =
  /refused|cmyk|pages|frames|high-bit|rgb\w*(-planes|-rle)?\.dcm|ybr|header|no-mark|jpeg|htj2k|fragments/;

const filesIn = (folder: string): Film[] =>
  readdirSync(new URL(`../fixtures/${folder}/`, import.meta.url))
    .filter((name) => /\.(png|jpg|webp|tiff?|bmp|gif|dcm)$/.test(name))
    .map((name) => ({
      name: `${folder}/${name}`,
      bytes: readFileSync(new URL(`../fixtures/${folder}/${name}`, import.meta.url)),
    }));

const filmsOf = (files: Record<string, Uint8Array>): Film[] =>
  Object.entries(files).map(([name, bytes]) => ({ name, bytes }));

/** Whether what Python makes of each is what the library makes of it, and names of those that Python refuses. */
async function refusedAmong(films: readonly Film[]): Promise<string[]> {
  const refused: string[] = [];
  for (const [i, read] of readByPython(films).entries()) {
    const { name } = films[i];
    if (read.error) {
      expect(read.error, name).toMatch(/^IMAGE_(INVALID|TOO_LARGE|TRUNCATED|UNSUPPORTED): \w/);
      refused.push(name);
    } else expectSame(name, read, await readByLibrary(films[i]));
  }
  return refused;
}

function expectSame(name: string, read: Read, library: Read): void {
  expect(library.error, name).toBeUndefined();
  expect(library.warnings, `warnings of ${name}`).toBe(0);
  expect([read.shape, read.white], name).toEqual([library.shape, library.white]);
  const differ = read.pixels?.findIndex((value, at) => value !== library.pixels?.[at]);
  expect(differ, `first other pixel of ${name}`).toBe(-1);
  expect(read.pixels).toHaveLength(library.pixels?.length as number);
}

it.skipIf(missing)(`reads the pixels that the library reads${missing}`, async () => {
  expect(await refusedAmong([...filmsOf(dicoms), ...filmsOf(await images())])).toEqual([]);
});

it.skipIf(missing)(`refuses what the library reads with a warning${missing}`, async () => {
  const films = filmsOf(refusedDicoms);
  expect(await refusedAmong(films)).toEqual(Object.keys(refusedDicoms));
  for (const film of films) expect((await readByLibrary(film)).warnings, film.name).toBe(1);
});

it.skipIf(missing)(`obeys the recipe of the model's file${missing}`, async () => {
  const { 'a window': shown, 'signed, a window': signed } = dicoms;
  const colour = await sharp(Buffer.alloc(300, 90), { raw: { width: 10, height: 10, channels: 3 } })
    .tint('#40c080')
    .png()
    .toBuffer();
  const center = { center: 700, width: 301, shape: 'SIGMOID' };
  const films: Film[] = [
    { name: 'all', bytes: shown, recipe: { decoders: { dicom: { window: 'full' } } } },
    { name: 'another', bytes: shown, recipe: { decoders: { dicom: { window: center } } } },
    { name: 'all signed', bytes: signed, recipe: { decoders: { dicom: { window: 'full' } } } },
    { name: '12 bits', bytes: deepPng(ramp12), recipe: { bitsStored: 12 } },
    { name: '12 named', bytes: deepPng(ramp12, 12), recipe: { bitsStored: 14 } },
    { name: 'bits of DICOM', bytes: shown, recipe: { bitsStored: 12 } },
    { name: 'grey as colour', bytes: deepPng(ramp12), recipe: { channels: 3 } },
    { name: 'colour', bytes: colour, recipe: { channels: 3 } },
    { name: 'grey of colour', bytes: colour, recipe: { channels: 1 } },
  ];
  expect(await refusedAmong(films)).toEqual([]);
});

it.skipIf(missing)(`refuses a recipe that it cannot follow${missing}`, () => {
  const bytes = dicoms.padding;
  const recipes = [
    { transform: { name: 'preprocessXray', options: {} } },
    { transform: { name: 'custom' } },
    { decoders: { own: {} } },
    { decoders: { dicom: { gamma: 2 } } },
    { decoders: { dicom: { window: 'other' } } },
    { bitsStored: 17 },
    { rotate: 90 } as object,
  ];
  const films = recipes.map((recipe, i) => ({ name: String(i), bytes, recipe })) as Film[];
  for (const { error } of readByPython(films)) expect(error).toMatch(/^NO_RECIPE: films cannot be/);
});

it.skipIf(missing)(`reads alike or refuses all files of the tests${missing}`, async () => {
  const films = ['dicom', 'images', 'fuzz/seeds'].flatMap(filesIn);
  const refused = await refusedAmong(films);
  expect(refused.filter((name) => !NOT_READ.test(name))).toEqual([]);
});

it.skipIf(missing)(
  `reads alike or refuses damaged files${missing}`,
  { timeout: 120_000 },
  async () => {
    const seeds = [...filesIn('images'), ...filesIn('fuzz/seeds')].filter(
      ({ name }) => !/refused/.test(name),
    );
    const coded = filesIn('dicom').filter(({ name }) =>
      /\/(?!jpeg).*(rle|table|signed|linear|padding)/.test(name),
    );
    const films = [...seeds, ...coded, ...filmsOf(dicoms).slice(0, 12)].flatMap(({ name, bytes }) =>
      Array.from({ length: 8 }, (_, i) => {
        const random = new RandomStream(3, [name, i]);
        const damaged = Uint8Array.from(bytes);
        for (let k = 0; k <= i % 3; k++)
          damaged[random.integer(damaged.length)] ^= 1 << random.integer(8);
        return {
          name: `${name}, damaged ${i}`,
          bytes: i === 7 ? damaged.subarray(0, -40) : damaged,
        };
      }),
    );
    const refused = await refusedAmong(films);
    expect(refused.length).toBeGreaterThan(films.length / 8);
    expect(refused.length).toBeLessThan(films.length);
  },
);
