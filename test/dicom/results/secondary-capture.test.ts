import { describe, expect, it } from 'vitest';
import { dicomResult, readDicom, renderDicom } from '../../../src/dicom/index.js';
import { codeOf } from '../../support/code-of.js';
import { fixture } from '../fixtures.js';
import { bytesOf, COPIED, readBack, withMore } from './read-back.js';

const film = () => fixture('explicit-little');
const statement: Parameters<typeof dicomResult.structuredReport>[1] = {
  score: 1.9312345,
  model: 'SHA-256 1f0c',
  pValue: 0.047,
  abnormal: true,
  threshold: 1.5,
};
/** Colours that stand nowhere else. */
const picture = (height = 30, width = 300, channels: 1 | 3 | 4 = 3) => ({
  pixels: new Uint8Array(height * width * channels).map((_, i) => 100 + (i % 50)),
  height,
  width,
  channels,
});
/** The pixels, [height, width, 3], as our own decoder reads them. */
async function pixelsOf(file: Uint8Array) {
  const image = await readDicom(file);
  const [rows, columns] = ['x00280010', 'x00280011'].map((tag) => readBack(file).uint16(tag) ?? 0);
  return { rows, columns, values: Array.from(image.pixels), grey: renderDicom(image) };
}

describe('dicomResult.secondaryCapture', () => {
  it('holds the picture to the bit, between bands of white on black', async () => {
    const given = picture();
    const { rows, columns, values } = await pixelsOf(
      await dicomResult.secondaryCapture(film(), given, statement),
    );
    expect([columns, values.length]).toEqual([300, rows * 300 * 3]);
    const above = 300 * 3 * (9 + 2);
    expect(values.slice(above, above + given.pixels.length)).toEqual(Array.from(given.pixels));
    const bands = [...values.slice(0, above), ...values.slice(above + given.pixels.length)];
    expect(new Set(bands)).toEqual(new Set([0, 255]));
    // Three lines below.
    expect(rows).toBe(11 + 30 + 3 * 9 + 2);
  });

  it('is marked in its pixels as what it is not', async () => {
    const { columns, values } = await pixelsOf(
      await dicomResult.secondaryCapture(film(), picture(), statement),
    );
    const lit = (x: number, y: number) => (values[3 * (y * columns + x)] === 255 ? '#' : '.');
    const drawn = Array.from({ length: 9 }, (_, y) =>
      Array.from({ length: 36 }, (_, x) => lit(x, y + 2)).join(''),
    );
    expect(drawn).toEqual([
      '####..#####..####.#####..###..####..',
      '#...#.#.....#.....#.....#...#.#...#.',
      '#...#.#.....#.....#.....#...#.#...#.',
      '####..####...###..####..#####.####..',
      '#.#...#.........#.#.....#...#.#.#...',
      '#..#..#.........#.#.....#...#.#..#..',
      '#...#.#####.####..#####.#...#.#...#.',
      '....................................',
      '....................................',
    ]);
  });

  it('breaks its lines where a picture is narrow, and draws larger letters where it is wide', async () => {
    const heights: number[] = [];
    for (const width of [32, 64, 246, 512, 2048]) {
      const made = await dicomResult.secondaryCapture(film(), picture(4, width), statement);
      heights.push((await pixelsOf(made)).rows - 4);
    }
    const [narrow, , one, two, eight] = heights;
    expect(narrow).toBeGreaterThan(one);
    // A line above and three below, each band with two rows of its own; twice and eight times as high.
    expect([one, two, eight]).toEqual([40, 80, 320]);
  });

  it('lies beside the film, as an image of no modality of films', async () => {
    const more = withMore(film(), [
      [0x0028, 0x0301, 'CS', bytesOf('YES')],
      [0x0028, 0x2110, 'CS', bytesOf('01')],
    ]);
    const made = await dicomResult.secondaryCapture(more, picture(), statement);
    const [before, after] = [readBack(more), readBack(made)];
    for (const tag of COPIED) expect(after.bytes(tag), tag).toEqual(before.bytes(tag));
    expect(
      ['x00080008', 'x00080060', 'x0008103e', 'x00280301', 'x00282110'].map((tag) =>
        after.string(tag),
      ),
    ).toEqual([
      'DERIVED\\SECONDARY',
      'OT',
      'Research software, not a medical device: anomaly map',
      'YES',
      '01',
    ]);
    const [source] = after.items('x00082112') ?? [];
    expect(source.string('x00081155')).toBe(before.string('x00080018'));
  });

  it('takes grey and colours with alpha, which is left out', async () => {
    const of = async (channels: 1 | 3 | 4, pixels: readonly number[]) => {
      const given = { pixels: Uint8Array.from(pixels), height: 1, width: 32, channels };
      const { values } = await pixelsOf(
        await dicomResult.secondaryCapture(film(), given, statement),
      );
      return values.includes(7) ? values.slice(values.indexOf(7), values.indexOf(7) + 6) : [];
    };
    const row = (pixel: readonly number[]) => Array.from({ length: 32 }, () => pixel).flat();
    expect(await of(1, row([7]))).toEqual([7, 7, 7, 7, 7, 7]);
    expect(await of(3, row([7, 8, 9]))).toEqual([7, 8, 9, 7, 8, 9]);
    expect(await of(4, row([7, 8, 9, 200]))).toEqual([7, 8, 9, 7, 8, 9]);
  });

  it('has a UID of its own for another picture, and the same for the same', async () => {
    const uid = async (given: ReturnType<typeof picture>) =>
      readBack(await dicomResult.secondaryCapture(film(), given, statement)).string('x00080018');
    const other = picture();
    other.pixels[5] ^= 1;
    expect(await uid(picture())).toBe(await uid(picture()));
    expect(await uid(picture())).not.toBe(await uid(other));
    // As many values in another shape.
    expect(await uid(picture(60, 150))).not.toBe(await uid(picture(30, 300)));
  });

  it('refuses what is no picture', async () => {
    const code = (given: object) =>
      codeOf(dicomResult.secondaryCapture(film(), { ...picture(), ...given }, statement));
    expect(await code({ width: 299 })).toBe('SHAPE_MISMATCH');
    expect(await code({ channels: 2 })).toBe('INVALID_OPTION');
    expect(await code({ width: 16, height: 16 })).toBe('INVALID_OPTION');
    expect(await code({ pixels: 'none' })).toBe('INVALID_OPTION');
    expect(await code({ height: 0 })).toBe('INVALID_OPTION');
  });
});
