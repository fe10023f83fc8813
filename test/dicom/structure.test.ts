import { deflateSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { dicom, readDicom, readDicomMetadata } from '../../src/dicom/index.js';
import { patientKeys } from '../../src/records/patient-key.js';
import { codeOf } from '../model/tiny.js';
import { expected, fixture, largestDifference, names, placeOf, readKept } from './fixtures.js';
import {
  boundaries,
  element,
  number,
  sequence,
  textOf,
  UNDEFINED,
  withInserted,
} from './writer.js';

const unusual = names.filter((name) => /^(uv|no-|header-)/.test(name));
const patientOf = async (bytes: Uint8Array) =>
  (await readKept(bytes, { identifiers: true })).identifiers?.patientId;

/** 64-bit kinds, and one that the standard may have one day. */
const kinds = ['UV', 'SV', 'OV', 'ZZ'];
const wide = (tag = 0x00190001, value = [1, 2, 3, 4, 5, 6, 7, 8]) =>
  kinds.flatMap((vr, i) => element(tag + i, vr, value));

describe('files of unusual structure, as pydicom or dcmtk sees them', () => {
  it('has some', () => expect(unusual.length).toBeGreaterThan(14));

  it.each(unusual)('the patient of %s, whoever is named in its sequences', async (name) => {
    expect(await patientOf(fixture(name))).toBe('DRAWN-0815');
  });
});

describe('elements of 64 bits', () => {
  const file = fixture('explicit-little');
  const { values } = expected('explicit-little', 'stored')!;

  it.each(boundaries(file))('before the element at %i', async (at) => {
    const nested = sequence(0x00081140, [wide(), sequence(0x00081140, [wide()], true)], true);
    const unnamed = [...number(0x0019, 2), ...number(0x1001, 2), ...number(8, 4), ...number(7, 8)];
    const unknown = sequence(0x00291001, [unnamed], true, 'UN');
    for (const inserted of [wide(), nested, sequence(0x00081140, [wide()], false), unknown]) {
      const changed = withInserted(file, at, inserted);
      expect(largestDifference((await readKept(changed)).pixels, values)).toBe(0);
      expect(await patientOf(changed)).toBe('DRAWN-0815');
    }
  });

  it('of no value, and of one too long for 16 bits', async () => {
    const [at] = boundaries(file);
    const long = element(0x00080001, 'OV', new Uint8Array(2 ** 17).fill(0x20));
    for (const inserted of [wide(0x00080001, []), long])
      expect(await patientOf(withInserted(file, at, inserted))).toBe('DRAWN-0815');
  });

  it('in items that name no kinds though their file does', async () => {
    const [at] = boundaries(file);
    const implicit = [...number(0x0008, 2), ...number(0x0100, 2), ...number(2, 4), ...textOf('ab')];
    for (const open of [true, false]) {
      const changed = withInserted(file, at, sequence(0x00080006, [implicit, []], open));
      expect(await patientOf(changed)).toBe('DRAWN-0815');
    }
  });
});

it.each(['0', '-3', ''])('takes NumberOfFrames %j for one, as dcm2pnm does', async (text) => {
  const file = fixture('explicit-little');
  const rows = placeOf(file, 0x0028, 0x0010) - 8;
  const changed = withInserted(file, rows, element(0x00280008, 'IS', textOf(text)));
  expect((await readKept(changed)).frames).toBe(1);
  const wrong = withInserted(file, rows, element(0x00280008, 'IS', textOf('one')));
  expect(await codeOf(readKept(wrong))).toBe('IMAGE_INVALID');
});

describe('limits', () => {
  const file = fixture('explicit-little');
  const [first] = boundaries(file);
  const keys = patientKeys({ salt: 'salt of small files' });
  const deep = (levels: number, open: boolean): number[] =>
    sequence(0x00081140, levels > 1 ? [deep(levels - 1, open)] : [], open);
  const calls = [
    (bytes: Uint8Array, limits: object) => readDicom(bytes, { keys, ...limits }),
    (bytes: Uint8Array, limits: object) => readDicomMetadata(bytes, { keys, ...limits }),
    (bytes: Uint8Array, limits: object) =>
      dicom({ keys, ...limits }).decode(bytes, { maxPixels: 1e6 }),
  ];

  it.each(calls)('of depth, by option and default %#', async (call) => {
    const three = withInserted(file, first, sequence(0x00081140, [deep(2, true)], true));
    await call(three, { maxDepth: 2 });
    await expect(call(three, { maxDepth: 1 })).rejects.toThrow(
      /sequences lie within sequences.*at most 1; raise maxDepth.*IMAGE_TOO_LARGE/,
    );
    const many = withInserted(file, first, sequence(0x00081140, [deep(65, true)], true));
    expect(await codeOf(call(many, {}))).toBe('IMAGE_TOO_LARGE');
    await call(many, { maxDepth: 65 });
  });

  it.each(calls)('of elements and items, by option %#', async (call) => {
    const items = sequence(0x00081140, [wide(), wide(), []], true);
    const changed = withInserted(file, first, items);
    // Of the header 7.
    const count = 7 + boundaries(file).length + 1 + 3 + 2 * kinds.length;
    await call(changed, { maxElements: count });
    await expect(call(changed, { maxElements: count - 1 })).rejects.toThrow(
      new RegExp(`more than ${count - 1} elements.*raise maxElements.*IMAGE_TOO_LARGE`),
    );
  });

  it('of fragments', async () => {
    const { length } = boundaries(file);
    expect(await codeOf(readDicom(fixture('fragments'), { maxElements: length }))).toBe(
      'IMAGE_TOO_LARGE',
    );
  });

  it.each([{ maxDepth: 0 }, { maxDepth: 1001 }, { maxElements: 0 }, { maxElements: 1.5 }])(
    '%j is refused',
    async (limits) => {
      for (const call of calls)
        expect(await codeOf((async () => call(file, limits))())).toBe('INVALID_OPTION');
    },
  );
});

describe('hostile files', () => {
  const file = fixture('explicit-little');
  const [first] = boundaries(file);

  /** A deflated file of a data set. */
  function deflated(dataSet: Uint8Array): Uint8Array {
    const head = fixture('deflated');
    const at = placeOf(head, 0x0002, 0x0000);
    const start = at + 4 + new DataView(head.buffer).getUint32(at, true);
    return withInserted(head.subarray(0, start), start, deflateSync(dataSet));
  }

  /** `count` times the same bytes in a sequence of undefined length. */
  function repeated(unit: number[], count: number): Uint8Array {
    const many = new Uint8Array(unit.length * count);
    for (let i = 0; i < count; i++) many.set(unit, i * unit.length);
    const dataSet = file.subarray(first);
    const open = element(0x00080006, 'SQ', [], UNDEFINED);
    return withInserted(withInserted(dataSet, 0, many), 0, open);
  }

  it('millions of items or elements in a small one', async () => {
    const item = [...number(0xfffe, 2), ...number(0xe000, 2), 0, 0, 0, 0];
    const items = deflated(repeated(item, 1.5e6));
    expect(items.length).toBeLessThan(30_000);
    expect(await codeOf(readDicom(items))).toBe('IMAGE_TOO_LARGE');
    const tiny = new Uint8Array(file.length - first + 12e6);
    const view = new DataView(tiny.buffer);
    for (let i = 0; i < 1.5e6; i++) {
      view.setUint16(8 * i, 0x0009 + 2 * (i >> 16), true);
      view.setUint16(8 * i + 2, i & 0xffff, true);
      view.setUint16(8 * i + 4, 0x554c);
    }
    tiny.set(file.subarray(first), 12e6);
    expect(await codeOf(readDicom(deflated(tiny)))).toBe('IMAGE_TOO_LARGE');
  });

  it('sequences within sequences, 10,000 deep: open ones are refused, others never entered', async () => {
    const opened = [
      ...element(0x00081140, 'SQ', [], UNDEFINED),
      ...[0xfe, 0xff, 0x00, 0xe0, 0xff, 0xff, 0xff, 0xff],
    ];
    const open = withInserted(file, first, Array.from({ length: 10_000 }, () => opened).flat());
    expect(await codeOf(readDicom(open))).toBe('IMAGE_TOO_LARGE');
    // 20 bytes of both headers around what is within.
    const heads = Array.from({ length: 10_000 }, (_, i) => [
      ...element(0x00081140, 'SQ', [], 20 * (9_999 - i) + 8),
      ...[0xfe, 0xff, 0x00, 0xe0, ...number(20 * (9_999 - i), 4)],
    ]);
    expect(await patientOf(withInserted(file, first, heads.flat()))).toBe('DRAWN-0815');
  });

  it('a frame of RLE that is too short for the size it says, before there is room for it', async () => {
    const rle = fixture('rle');
    const view = new DataView(rle.buffer);
    for (const tag of [0x0010, 0x0011]) view.setUint16(placeOf(rle, 0x0028, tag), 8000, true);
    await expect(readDicom(rle)).rejects.toThrow(/too short for 64000000 pixels.*IMAGE_TRUNCATED/);
  });

  it('lengths beyond the file', async () => {
    for (const length of [UNDEFINED - 1, 2 ** 31, 2 ** 24])
      for (const vr of ['UN', 'OB', 'SQ', 'UV']) {
        const changed = withInserted(file, first, element(0x00080006, vr, [], length));
        expect(await codeOf(readDicom(changed))).toBe('IMAGE_TRUNCATED');
      }
  });

  it('inflates what Rows and Columns take and 16 MiB, whatever maxPixels allows', async () => {
    const zeros = element(0x7fe10011, 'OB', [], 2e7);
    const dataSet = file.subarray(first);
    const behind = withInserted(dataSet, dataSet.length, zeros);
    const bomb = deflated(withInserted(behind, behind.length, new Uint8Array(2e7)));
    expect(bomb.length).toBeLessThan(30_000);
    await expect(readDicom(bomb)).rejects.toThrow(
      new RegExp(`more than ${2 ** 24 + 2 * 33 * 41} bytes.*IMAGE_TOO_LARGE`),
    );
    // More pixels than fill that room are read where Rows and Columns say so.
    const [rows, columns] = [3000, 3000];
    const large = new Uint8Array(dataSet.subarray(0, -2 * 33 * 41).length + 2 * rows * columns);
    large.set(dataSet.subarray(0, -2 * 33 * 41));
    const view = new DataView(large.buffer);
    const at = (group: number, tag: number) => placeOf(file, group, tag) - first;
    view.setUint16(at(0x0028, 0x0010), rows, true);
    view.setUint16(at(0x0028, 0x0011), columns, true);
    view.setUint32(at(0x7fe0, 0x0010) - 4, 2 * rows * columns, true);
    expect((await readDicom(deflated(large))).shape).toEqual([rows, columns, 1]);
    expect(await codeOf(readDicom(deflated(large), { maxPixels: 8e6 }))).toBe('IMAGE_TOO_LARGE');
  });
});
