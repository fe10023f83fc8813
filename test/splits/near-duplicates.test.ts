import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { type InspectedImages, nearDuplicates } from '../../src/data/index.js';
import { appearanceHash } from '../../src/splits/appearance-hash.js';

const inspection = (appearance: string) => ({
  content: '',
  appearance,
  height: 1,
  width: 1,
  brightness: 0,
});
const of = (...paths: string[]) => paths.map((path) => ({ path }));

function distance(a: string, b: string): number {
  const ones = (digit: number) => digit.toString(2).replaceAll('0', '').length;
  return [...a].reduce(
    (sum, digit, i) => sum + ones(Number.parseInt(digit, 16) ^ Number.parseInt(b[i], 16)),
    0,
  );
}

/** A hash with some bits turned over, drawn so that all distances from 0 to about 70 come up. */
const turned = (hash: string) =>
  fc.array(fc.nat(255), { maxLength: 80 }).map((bits) => {
    const digits = Array.from(hash, (digit) => Number.parseInt(digit, 16));
    for (const bit of bits) digits[bit >> 2] ^= 1 << (bit & 3);
    return digits.map((digit) => digit.toString(16)).join('');
  });

describe('nearDuplicates', () => {
  it('finds the pairs that comparing all with all finds, each once', () => {
    const hashes = fc.array(fc.constantFrom('0'.repeat(64), 'a5'.repeat(32)).chain(turned), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(hashes, fc.nat(63), (list, largest) => {
        const inspected: InspectedImages = new Map(
          list.map((hash, i) => [`${i}`, inspection(hash)]),
        );
        const parts = { all: of(...inspected.keys()) };
        const found = nearDuplicates(parts, inspected, { distance: largest, withinParts: true });
        const expected = list.flatMap((a, i) =>
          list
            .slice(i + 1)
            .flatMap((b, j) =>
              distance(a, b) <= largest ? [`${i} ${i + 1 + j} ${distance(a, b)}`] : [],
            ),
        );
        const names = found.map(
          ({ images: [a, b], distance }) => `${a.name} ${b.name} ${distance}`,
        );
        expect(names.sort()).toEqual(expected.sort());
      }),
    );
  });

  it('reports pairs across parts, nearest first, with what is known of the patients', () => {
    const near = `${'0'.repeat(60)}0003`;
    const inspected: InspectedImages = new Map([
      ['a', inspection('0'.repeat(64))],
      ['b', inspection(near)],
      ['c', inspection(near)],
      ['d', inspection('f'.repeat(64))],
      ['e', undefined],
    ]);
    const parts = {
      train: [
        { path: 'a', patient: '1' },
        { path: 'b', patient: '2' },
      ],
      test: [{ path: 'c', patient: '2' }, ...of('d', 'e')],
    };
    const found = nearDuplicates(parts, inspected);
    expect(found).toEqual([
      {
        images: [
          { part: 'train', name: 'b' },
          { part: 'test', name: 'c' },
        ],
        distance: 0,
        samePatient: true,
      },
      {
        images: [
          { part: 'train', name: 'a' },
          { part: 'test', name: 'c' },
        ],
        distance: 2,
        samePatient: false,
      },
    ]);
    expect(nearDuplicates(parts, inspected, { withinParts: true })).toHaveLength(3);
    expect(nearDuplicates(parts, inspected, { distance: 1 })).toHaveLength(1);
    expect(() => nearDuplicates(parts, inspected, { distance: 64 })).toThrow(/INVALID_OPTION/);
  });
});

// Real films, which are not in the repository.
const data = process.env.SALAD_AD_DATA;

describe.skipIf(!data)('on the real films of SALAD_AD_DATA', () => {
  const table = data
    ? readFileSync(join(data, 'index.csv'), 'utf8').trim().split('\n').slice(1)
    : [];
  const films = table
    .map((line) => line.split(','))
    .filter(([, set]) => ['kermany', 'nih256', 'knee'].includes(set))
    .filter((_, i) => i % 10 === 0)
    .map(([path, set, , , patient]) => ({ path, set, patient: `${set} ${patient}` }));

  async function hashOf(image: Sharp): Promise<string> {
    const { data: pixels, info } = await image
      .greyscale()
      .raw()
      .toBuffer({ resolveWithObject: true });
    return appearanceHash(
      Float32Array.from(pixels as Uint8Array, (v) => v / 255),
      info.height,
      info.width,
    );
  }

  it('finds recompressed, resized and brightened copies, and takes no two patients for one', async () => {
    const inspected = new Map<string, ReturnType<typeof inspection>>();
    const copies: { path: string; patient: string }[] = [];
    for (const [i, { path, patient }] of films.entries()) {
      const file = join(data as string, path);
      inspected.set(path, inspection(await hashOf(sharp(file))));
      if (i % 6 > 0) continue;
      const { width = 0 } = await sharp(file).metadata();
      const variants: Record<string, Sharp> = {
        jpeg: sharp(await sharp(file).jpeg({ quality: 60 }).toBuffer()),
        half: sharp(file).resize(width >> 1),
        bright: sharp(file).linear(1.15, -10),
      };
      for (const [name, variant] of Object.entries(variants)) {
        inspected.set(`${name} of ${path}`, inspection(await hashOf(variant)));
        copies.push({ path: `${name} of ${path}`, patient });
      }
    }
    const found = nearDuplicates({ films, copies }, inspected, { withinParts: true });
    expect(found.filter(({ samePatient }) => !samePatient)).toEqual([]);
    const pairs = new Set(found.map(({ images: [a, b] }) => `${a.name} ~ ${b.name}`));
    const missed = copies.filter(({ path }) => !pairs.has(`${path.split(' of ')[1]} ~ ${path}`));
    expect(missed).toEqual([]);
  });
});
