import { describe, expect, it } from 'vitest';
import { imageSource } from '../../src/data/index.js';
import { type DicomWindow, dicom, readDicom, renderDicom } from '../../src/dicom/index.js';
import type { SaladWarning } from '../../src/support/warning.js';
import { elements, fixture, withElements, words } from './fixtures.js';

const WINDOW = { center: 1800, width: 3000 };
/** The square curve of 12 bits, so that a table cannot be taken for a window. */
const CURVE = Array.from({ length: 4096 }, (_, i) => Math.round((4095 * i * i) / 4095 ** 2));
const text = (value: string) =>
  new TextEncoder().encode(value.padEnd(value.length + (value.length % 2)));

const VOI = [0x0028, 0x3010] as const;
const MODALITY = [0x0028, 0x3000] as const;
const slope = (value: string) => [0x0028, 0x1053, 'DS', text(value)] as const;
const intercept = (value: string) => [0x0028, 0x1052, 'DS', text(value)] as const;
const center = (value: string) => [0x0028, 0x1050, 'DS', text(value)] as const;
const width = (value: string) => [0x0028, 0x1051, 'DS', text(value)] as const;
const shape = (value: string) => [0x0028, 0x1056, 'CS', text(value)] as const;
const window = [center('1800'), width('3000')];

/** A sequence with an item for each list of elements. */
const sequence = (
  [group, element]: readonly [number, number],
  ...items: (readonly Parameters<typeof elements>[0][number][])[]
) =>
  [
    group,
    element,
    'SQ',
    Uint8Array.from(
      items.flatMap((item) => {
        const content = elements(item);
        return [0xfe, 0xff, 0x00, 0xe0, ...words([content.length, 0]), ...content];
      }),
    ),
  ] as const;

const descriptor = (numbers: readonly number[], vr = 'US') =>
  [0x0028, 0x3002, vr, words(numbers)] as const;
const data = (values: readonly number[]) => [0x0028, 0x3006, 'OW', words(values)] as const;
const table = [descriptor([4096, 0, 12]), data(CURVE)];

/** DICOM PS3.3 C.11.2.1.2, from 0 to 65535. */
function byWindow({ center: c, width: w, shape: kind = 'LINEAR' }: DicomWindow, m: number) {
  const y =
    kind === 'SIGMOID' ? 1 / (1 + Math.exp((-4 * (m - c)) / w)) : (m - (c - 0.5)) / (w - 1) + 0.5;
  return Math.floor(65535 * Math.min(1, Math.max(0, y)) + 0.5);
}

const ways = {
  window: (s: number) => byWindow(WINDOW, s),
  sigmoid: (s: number) => byWindow({ ...WINDOW, shape: 'SIGMOID' }, s),
  table: (s: number) => Math.floor((65535 * CURVE[s]) / 4095 + 0.5),
  range: (s: number) => Math.floor((65535 * s) / 4095 + 0.5),
  reversed: (s: number) => Math.floor((65535 * (4095 - s)) / 4095 + 0.5),
};

const limits = { maxPixels: 1e6 };
const STORED = (await readDicom(fixture('explicit-little'))).pixels;
type Elements = Parameters<typeof withElements>[1];

// What dcm2pnm of dcmtk 3.6 shows, of these files and of one of each kind of number; where it shows black alone, for NaN,
// and reads half a number, for a comma, all that the bits can hold.
describe('a value for showing that cannot be used is passed over', () => {
  it.each<[string, Elements, keyof typeof ways, RegExp]>([
    [
      'a VOI LUT item without elements',
      [...window, sequence(VOI, [])],
      'window',
      /VOILUTSequence has no whole LUTDescriptor/,
    ],
    [
      'a VOI LUT without data',
      [...window, sequence(VOI, [descriptor([4096, 0, 12])])],
      'window',
      /no LUTData/,
    ],
    [
      'a VOI LUT without descriptor',
      [...window, sequence(VOI, [data(CURVE)])],
      'window',
      /no whole LUTDescriptor/,
    ],
    [
      'a descriptor of two numbers',
      [...window, sequence(VOI, [descriptor([4096, 0]), data(CURVE)])],
      'window',
      /no whole LUTDescriptor/,
    ],
    [
      'a VOI LUT cut short',
      [...window, sequence(VOI, [descriptor([4096, 0, 12]), data([1, 2, 3])])],
      'window',
      /6 bytes for 4096 entries/,
    ],
    [
      'entries of 0 bits',
      [...window, sequence(VOI, [descriptor([4096, 0, 0]), data(CURVE)])],
      'window',
      /0 bits/,
    ],
    [
      'entries of 20 bits',
      [...window, sequence(VOI, [descriptor([4096, 0, 20]), data(CURVE)])],
      'window',
      /20 bits/,
    ],
    [
      'a VOI LUT that is no sequence',
      [...window, [...VOI, 'UN', words([1, 2])]],
      'window',
      /VOILUTSequence cannot be read/,
    ],
    [
      'the first of two VOI LUTs, beside a window',
      [...window, sequence(VOI, [], table)],
      'window',
      /no whole LUTDescriptor/,
    ],
    ['the first of two VOI LUTs', [sequence(VOI, [], table)], 'table', /no whole LUTDescriptor/],
    ['the only VOI LUT', [sequence(VOI, [])], 'range', /no whole LUTDescriptor/],
    [
      'a modality LUT item without elements',
      [...window, sequence(MODALITY, [])],
      'window',
      /ModalityLUTSequence has no whole/,
    ],
    [
      'a modality LUT cut short',
      [...window, sequence(MODALITY, [descriptor([4096, 0, 12]), data([9])])],
      'window',
      /2 bytes/,
    ],
    ['a centre of NaN', [center('NaN'), width('3000')], 'range', /WindowCenter is no decimal/],
    ['a width of NaN', [center('1800'), width('NaN')], 'range', /WindowWidth is no decimal/],
    ['a decimal comma', [center('1800,5'), width('3000')], 'range', /WindowCenter is no decimal/],
    ['infinity', [center('Infinity'), width('3000')], 'range', /WindowCenter is no decimal/],
    [
      'a number beyond all',
      [center('1e999'), width('3000')],
      'range',
      /WindowCenter is no decimal/,
    ],
    ['hexadecimal', [center('0x10'), width('0xff')], 'range', /WindowCenter is no decimal/],
    ['words', [center('wide'), width('3000')], 'range', /WindowCenter is no decimal/],
    ['a centre without width', [center('1800')], 'range', /not there in pairs/],
    ['a centre of spaces', [center('  '), width('3000')], 'range', /not there in pairs/],
    ['a width of 0', [center('1800'), width('0')], 'range', /width 0, where a width of at least 1/],
    ['a width below 0', [center('1800'), width('-10')], 'range', /width -10/],
    ['a width below 1', [center('1800'), width('0.5')], 'range', /width 0.5/],
    [
      'the first of two windows',
      [center('NaN\\1800'), width('9\\3000')],
      'window',
      /WindowCenter is no decimal/,
    ],
    ['linear in small letters', [...window, shape('linear')], 'window', /LINEAR in small letters/],
    [
      'sigmoid in small letters',
      [...window, shape('sigmoid')],
      'sigmoid',
      /SIGMOID in small letters/,
    ],
    ['an unknown function', [...window, shape('ROUND')], 'window', /VOILUTFunction is unknown/],
    [
      'a slope of NaN',
      [...window, slope('NaN'), intercept('0')],
      'window',
      /RescaleSlope or RescaleIntercept/,
    ],
    [
      'a slope with a comma',
      [...window, slope('1,5'), intercept('0')],
      'window',
      /RescaleSlope or RescaleIntercept/,
    ],
    [
      'an intercept of words',
      [...window, slope('2'), intercept('none')],
      'window',
      /RescaleSlope or RescaleIntercept/,
    ],
    [
      'padding of one byte',
      [[0x0028, 0x0120, 'US', Uint8Array.of(7)], ...window],
      'window',
      /PixelPaddingValue/,
    ],
  ])('%s', async (_, given, way, reason) => {
    const file = withElements('explicit-little', given);
    const image = await readDicom(file);
    expect(image.pixels).toEqual(STORED);
    const { pixels, warnings } = await dicom().decode(file, limits);
    expect(Array.from(pixels)).toEqual(Array.from(STORED, ways[way]));
    expect(warnings).toEqual([
      { code: 'DISPLAY_VALUE_PASSED_OVER', message: expect.stringMatching(reason) },
    ]);
    expect(warnings?.[0].message).toMatch(/^dicom: .*option window/);
    // None of it is needed for all that the bits can hold.
    const full = renderDicom(image, { window: 'full' });
    expect(Array.from(full.pixels)).toEqual(Array.from(STORED, ways.range));
  });

  it('and says nothing where all can be used, or none is there', async () => {
    for (const given of [[], window, [...window, sequence(VOI)], [sequence(VOI, table)]]) {
      const image = await readDicom(withElements('explicit-little', given));
      expect(image.greyScale.passedOver).toBeUndefined();
      expect(renderDicom(image).warnings).toBeUndefined();
    }
  });

  it('and of a window nothing is said where another is asked for', async () => {
    const image = await readDicom(withElements('explicit-little', [center('NaN'), width('5')]));
    expect(renderDicom(image, { window: 'full' }).warnings).toBeUndefined();
    const { pixels, warnings } = renderDicom(image, { window: WINDOW });
    expect(warnings).toBeUndefined();
    expect(Array.from(pixels)).toEqual(Array.from(STORED, ways.window));
  });
});

describe('a table of interest', () => {
  const curve = (first: number, vr: string) => [
    sequence(VOI, [descriptor([4096, first, 12], vr), data(CURVE)]),
  ];

  // The table begins at the modality value of stored 0, so that each stored value has its own entry.
  it.each<[string, Elements]>([
    ['-1024 as SS, of unsigned values', [intercept('-1024'), slope('1'), ...curve(-1024, 'SS')]],
    ['-1024 as US, of unsigned values', [intercept('-1024'), slope('1'), ...curve(-1024, 'US')]],
    ['40000, above all signed numbers', [intercept('40000'), slope('1'), ...curve(40000, 'US')]],
    ['0', curve(0, 'US')],
  ])('begins at %s', async (_, given) => {
    const { pixels, warnings } = await dicom().decode(
      withElements('explicit-little', given),
      limits,
    );
    expect(warnings).toBeUndefined();
    expect(Array.from(pixels)).toEqual(Array.from(STORED, ways.table));
  });

  it('begins at 32768 and more where signed values are rescaled above 0', async () => {
    const lifted = curve(40000 - 2048, 'US');
    const file = withElements('signed', [intercept('40000'), slope('1'), ...lifted]);
    const stored = (await readDicom(file)).pixels;
    const { pixels } = await dicom().decode(file, limits);
    expect(Array.from(pixels)).toEqual(Array.from(stored, (s) => ways.table(s + 2048)));
  });

  it('begins below 0 where signed values are not rescaled', async () => {
    const file = withElements('signed', curve(-2048, 'SS'));
    const stored = (await readDicom(file)).pixels;
    const { pixels } = await dicom().decode(file, limits);
    expect(Array.from(pixels)).toEqual(Array.from(stored, (s) => ways.table(s + 2048)));
  });
});

describe('what makes one grey of all values gives way to the range', () => {
  it.each<[string, Elements, keyof typeof ways]>([
    ['a slope of 0', [slope('0'), intercept('5'), ...window], 'range'],
    ['a window far above', [center('90000'), width('10')], 'range'],
    ['a window far below', [center('-90000'), width('10')], 'range'],
    ['a window beyond all measure', [center('0'), width('1e300')], 'range'],
    [
      'a window far from values that fall',
      [slope('-1'), intercept('0'), center('9000'), width('2')],
      'reversed',
    ],
    ['a table of one value', [sequence(VOI, [descriptor([1, 0, 12]), data([7])])], 'range'],
    [
      'a table that begins behind all values',
      [sequence(VOI, [descriptor([4096, 5000, 12]), data(CURVE)])],
      'range',
    ],
    [
      'a modality table of one value',
      [sequence(MODALITY, [descriptor([1, 0, 12]), data([7])]), ...window],
      'range',
    ],
  ])('%s', async (_, given, way) => {
    const { pixels, warnings } = await dicom().decode(
      withElements('explicit-little', given),
      limits,
    );
    expect(Array.from(pixels)).toEqual(Array.from(STORED, ways[way]));
    expect(warnings).toEqual([
      {
        code: 'DISPLAY_VALUE_PASSED_OVER',
        message: expect.stringMatching(/makes one grey of all/),
      },
    ]);
  });

  it('be it a window of the caller', async () => {
    const image = await readDicom(fixture('explicit-little'));
    const { pixels, warnings } = renderDicom(image, { window: { center: 90000, width: 10 } });
    expect(Array.from(pixels)).toEqual(Array.from(STORED, ways.range));
    expect(warnings?.[0].message).toMatch(/^renderDicom: .*one grey/);
  });

  it('but not where the image has one value alone, or padding beside it', async () => {
    const image = await readDicom(withElements('explicit-little', [center('90000'), width('10')]));
    const flat = { ...image, pixels: image.pixels.map(() => 100) };
    expect(renderDicom(flat).warnings).toBeUndefined();
    expect(new Set(renderDicom(flat).pixels)).toEqual(new Set([0]));
    const pixels = flat.pixels.map((stored, i) => (i % 3 === 0 ? 5 : stored));
    const padded = { ...flat, pixels, greyScale: { ...image.greyScale, padding: [5, 5] as const } };
    expect(renderDicom(padded).warnings).toBeUndefined();
  });
});

describe('padding that would take the whole image', () => {
  const padding = (...numbers: number[]): Elements =>
    numbers.map((value, i) => [0x0028, 0x0120 + i, 'US', words([value])] as const);

  it('is passed over, for a film is not black', async () => {
    const image = await readDicom(withElements('explicit-little', padding(0, 65535)));
    const { pixels, warnings } = renderDicom(image);
    expect(Array.from(pixels)).toEqual(Array.from(STORED, ways.range));
    expect(warnings?.[0].message).toMatch(/lie in the range of PixelPaddingValue; .* passed over/);
    const one = { ...image, pixels: image.pixels.map(() => 100) };
    expect(renderDicom(one).warnings).toBeUndefined();
  });

  it('counts where it takes some values', async () => {
    const image = await readDicom(withElements('explicit-little', padding(0, 65535)));
    const [first] = image.pixels;
    const some = { ...image, greyScale: { ...image.greyScale, padding: [0, first - 1] as const } };
    const { pixels, warnings } = renderDicom(some);
    expect(warnings).toBeUndefined();
    expect(Array.from(pixels)).toEqual(
      Array.from(STORED, (stored) => (stored < first ? 0 : ways.range(stored))),
    );
  });
});

describe('a source of files', () => {
  const record = { path: 'a.dcm', id: 'film 1' };
  const source = (onWarning?: (warning: SaladWarning) => void) =>
    imageSource([record], {
      open: async () => withElements('explicit-little', [center('NaN'), width('5')]),
      decoders: [dicom()],
      cacheBytes: 0,
      onWarning,
    });

  it('tells of each image once, by its id', async () => {
    const warnings: SaladWarning[] = [];
    const films = source((warning) => warnings.push(warning));
    for (let i = 0; i < 3; i++) await films.read([0]);
    expect(warnings).toEqual([
      {
        code: 'DISPLAY_VALUE_PASSED_OVER',
        message: expect.stringMatching(/^imageSource.read: 'film 1': dicom: WindowCenter is no/),
      },
    ]);
  });

  it('reads without anybody to tell', async () => {
    const { pixels } = await source().read([0]);
    expect(Array.from(pixels)).toEqual(Array.from(STORED, ways.range));
    expect(() => source('no function' as never)).toThrow(/INVALID_OPTION/);
  });
});
