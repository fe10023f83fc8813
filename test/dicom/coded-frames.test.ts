import { describe, expect, it } from 'vitest';
import { codeOf } from '../support/code-of.js';
import { expected, fixture, largestDifference, names, placeOf, readKept } from './fixtures.js';
import { boundaries, element, fragments, number, withInserted } from './writer.js';

const jpegs = names.filter((name) => /^(ybr-)?jpeg-(?!2000|extended-12)/.test(name));
const jpegs2000 = names.filter(
  (name) => /jpeg-2000(?!-boxed)|htj2k/.test(name) && !/frames/.test(name),
);

/** The code of the one frame of a file, up to its end marker, and the file with another in its place. */
function taken(name: string) {
  const file = fixture(name);
  const pixels = boundaries(withoutEnd(file)).at(-1) as number;
  const item = pixels + 12 + 8 + new DataView(file.buffer).getUint32(pixels + 16, true);
  const code = file.subarray(item + 8, file.length - 8);
  const end = code.lastIndexOf(0xd9) + 1;
  return {
    code: Array.from(code.subarray(0, end)),
    withCode: (changed: readonly number[]) =>
      withInserted(file.subarray(0, pixels), pixels, fragments([changed])),
  };
}

/** Of an open element the length says nothing of where it ends. */
function withoutEnd(file: Uint8Array): Uint8Array {
  const at = placeOf(file, 0x7fe0, 0x0010);
  const closed = file.slice();
  new DataView(closed.buffer).setUint32(at - 4, file.length - at, true);
  return closed;
}

/** Fill bytes before every marker: those of segments, restarts and the end. */
function filled(code: readonly number[], isLs: boolean): number[] {
  const result = code.slice(0, 2);
  let inScan = false;
  for (let at = 2; at < code.length; ) {
    const next = code[at + 1];
    if (inScan && (code[at] !== 0xff || (isLs ? next < 0x80 : next === 0))) {
      result.push(code[at++]);
      continue;
    }
    if (next === 0xff) {
      result.push(code[at++]);
      continue;
    }
    const restart = next >= 0xd0 && next <= 0xd7;
    const length = restart || next === 0xd9 ? 2 : 2 + code[at + 2] * 256 + code[at + 3];
    result.push(0xff, 0xff, ...code.slice(at, at + length));
    inScan = restart || next === 0xda;
    at += length;
  }
  return result;
}

describe('a coded frame is the same', () => {
  // Any marker may have any number of bytes of ones before it: ITU-T T.81, B.1.1.2.
  it.each(jpegs)('%s with fill bytes before its markers', async (name) => {
    const { code, withCode } = taken(name);
    const changed = filled(code, name.includes('jpeg-ls'));
    expect(changed.length).toBeGreaterThan(code.length + 5);
    const { values } = expected(name, 'stored')!;
    expect(largestDifference((await readKept(withCode(changed))).pixels, values)).toBe(0);
  });

  it('with as many fill bytes as one likes', async () => {
    const { code, withCode } = taken('jpeg-baseline');
    const many = [...code.slice(0, 2), ...new Array(100_000).fill(0xff), ...code.slice(2)];
    const { values } = expected('jpeg-baseline', 'stored')!;
    expect(largestDifference((await readKept(withCode(many))).pixels, values)).toBe(0);
  });

  it.each([...jpegs, ...jpegs2000])('%s with bytes of any kind behind its end', async (name) => {
    const { code, withCode } = taken(name);
    const { values } = expected(name, 'stored')!;
    for (const behind of [
      [0xff],
      [0xff, 0xff, 0xff],
      [0],
      [0, 0, 0xff],
      [0xff, 0xd8, 1, 2],
      code,
    ]) {
      const { pixels } = await readKept(withCode([...code, ...behind]));
      expect(largestDifference(pixels, values)).toBe(0);
    }
  });

  it.each([...jpegs, ...jpegs2000])('%s but not without its end', async (name) => {
    const { code, withCode } = taken(name);
    for (const behind of [[], [0], [0xff], [0xff, 0xff]])
      expect(await codeOf(readKept(withCode([...code.slice(0, -2), ...behind])))).toBe(
        'IMAGE_TRUNCATED',
      );
  });

  it.each(jpegs2000)('%s whose last tile leaves its length open', async (name) => {
    const { code, withCode } = taken(name);
    const tile = code.findIndex((byte, i) => byte === 0xff && code[i + 1] === 0x90);
    const { values } = expected(name, 'stored')!;
    for (const behind of [[], [0xff], [0, 0xff, 0xd9]]) {
      const open = [...code, ...behind];
      open.fill(0, tile + 6, tile + 10);
      expect(largestDifference((await readKept(withCode(open))).pixels, values)).toBe(0);
    }
  });
});

describe('JPEG 2000 in a JP2 container', () => {
  const box = (kind: string, content: readonly number[], length = 8 + content.length) => [
    ...number(length, 4).reverse(),
    ...Array.from(kind, (letter) => letter.charCodeAt(0)),
    ...content,
  ];
  const { code, withCode } = taken('jpeg-2000-lossless');
  const signature = box('jP  ', [0x0d, 0x0a, 0x87, 0x0a]);
  const { values } = expected('jpeg-2000-lossless', 'stored')!;

  it.each([
    ['of its length', box('jp2c', code)],
    ['of open length', box('jp2c', code, 0)],
    ['of a long length', box('jp2c', [...number(16 + code.length, 8).reverse(), ...code], 1)],
    [
      'behind others',
      [...box('jp2h', box('ihdr', [1])), ...box('xml ', [60]), ...box('jp2c', code)],
    ],
  ])('%s', async (_, boxes) => {
    const { pixels } = await readKept(withCode([...signature, ...boxes]));
    expect(largestDifference(pixels, values)).toBe(0);
  });

  it.each([
    ['without a codestream', 'IMAGE_INVALID', box('jp2h', [])],
    ['with a box of no length', 'IMAGE_INVALID', box('jp2h', [], 7)],
    [
      'with a palette',
      'IMAGE_UNSUPPORTED',
      [...box('jp2h', box('pclr', [])), ...box('jp2c', code)],
    ],
    ['cut short', 'IMAGE_TRUNCATED', box('jp2c', code.slice(0, -60))],
  ])('%s is refused', async (_, problem, boxes) => {
    expect(await codeOf(readKept(withCode([...signature, ...boxes])))).toBe(problem);
  });
});

describe('the Extended Offset Table', () => {
  const file = fixture('frames-extended');
  const size = 33 * 41;
  const { values } = expected('frames-extended', 'stored')!;
  const [offsets, lengths] = [1, 2].map((tag) => placeOf(file, 0x7fe0, tag) + 4);

  async function sameFrames(changed: Uint8Array, order = [0, 1, 2, 3]) {
    for (const [frame, stored] of order.entries()) {
      const { pixels } = await readKept(changed, { frame });
      expect(largestDifference(pixels, values.slice(stored * size, (stored + 1) * size))).toBe(0);
    }
  }

  /** The file with a number of 64 bits changed. */
  function changed(at: number, change: (value: bigint) => bigint): Uint8Array {
    const copy = file.slice();
    const view = new DataView(copy.buffer);
    view.setBigUint64(at, change(view.getBigUint64(at, true)), true);
    return copy;
  }

  it('says where each frame is, in whatever order', async () => {
    await sameFrames(file);
    const turned = file.slice();
    for (const at of [offsets, lengths]) {
      turned.set(file.subarray(at, at + 8), at + 16);
      turned.set(file.subarray(at + 16, at + 24), at);
    }
    await sameFrames(turned, [2, 1, 0, 3]);
  });

  it('serves frames of several fragments, whose number says nothing', async () => {
    const view = new DataView(file.buffer);
    const first = placeOf(file, 0x7fe0, 0x0010) + 8;
    const codes = [0, 1, 2, 3].map((frame) => {
      const at = first + Number(view.getBigUint64(offsets + 8 * frame, true)) + 8;
      return file.subarray(at, at + Number(view.getBigUint64(lengths + 8 * frame, true)));
    });
    const halves = codes.flatMap((code) => [code.subarray(0, 600), code.subarray(600)]);
    let next = 0;
    const starts = halves.map(({ length }) => {
      next += 8 + length + (length % 2);
      return next - 8 - length - (length % 2);
    });
    const table = starts.filter((_, i) => i % 2 === 0);
    const head = file.subarray(0, placeOf(file, 0x7fe0, 0x0001) - 8);
    const inTable = (tag: number, numbers: number[]) =>
      element(
        tag,
        'OV',
        numbers.flatMap((one) => number(one, 8)),
      );
    const said = codes.map(({ length }) => length);
    const extended = [...inTable(0x7fe00001, table), ...inTable(0x7fe00002, said)];
    const both = withInserted(head, head.length, [...extended, ...fragments(halves)]);
    await sameFrames(both);
    await sameFrames(withInserted(head, head.length, fragments(halves, table)));
    const none = withInserted(head, head.length, fragments(halves));
    expect(await codeOf(readKept(none, { frame: 0 }))).toBe('IMAGE_UNSUPPORTED');
    // An empty table is as good as none.
    const empty = [...inTable(0x7fe00001, []), ...fragments(codes)];
    await sameFrames(withInserted(head, head.length, empty));
  });

  it.each([
    [
      'an offset beside a fragment',
      1,
      changed(offsets + 8, (at) => at + 2n),
      /no fragment begins at \d+, the offset of frame 1/,
    ],
    ['an offset behind them', 1, changed(offsets + 8, () => 2n ** 63n), /no fragment begins at/],
    [
      'a length above that of the fragment',
      2,
      changed(lengths + 16, (length) => length + 2n),
      /ExtendedOffsetTableLengths says \d+ bytes for frame 2, whose fragments have/,
    ],
    [
      'a length far below it',
      2,
      changed(lengths + 16, (length) => length - 2n),
      /ExtendedOffsetTableLengths says/,
    ],
    ['no length', 0, changed(lengths, () => 0n), /ExtendedOffsetTableLengths says 0 bytes/],
  ])('that has %s is named', async (_, frame, bytes, words) => {
    await expect(readKept(bytes, { frame })).rejects.toThrow(words);
    expect(await codeOf(readKept(bytes, { frame }))).toBe('IMAGE_INVALID');
  });

  it('that has not one entry for each frame is named', async () => {
    for (const [at, name] of [
      [offsets, 'ExtendedOffsetTable'],
      [lengths, 'ExtendedOffsetTableLengths'],
    ] as const) {
      const longer = withInserted(file, at, new Uint8Array(8));
      new DataView(longer.buffer).setUint32(at - 4, 40, true);
      await expect(readKept(longer, { frame: 0 })).rejects.toThrow(
        new RegExp(`${name} has 40 bytes for 4 frame.*IMAGE_INVALID`),
      );
    }
  });
});
