import { afterAll, describe, expect, it } from 'vitest';
import { createFileExaminer } from '../../benchmarks/fuzz/examine-files.js';
import { createInputs } from '../../benchmarks/fuzz/inputs.js';
import { makeInput } from '../../benchmarks/fuzz/mutate.js';
import { Examiner } from '../../benchmarks/fuzz/process.js';
import { loadSeeds } from '../../benchmarks/fuzz/seeds.js';
import { unitsOf } from '../../benchmarks/fuzz/units.js';

const seeds = loadSeeds();

describe('mutations', () => {
  it('depend on seed, task and index alone', () => {
    const inputs = (seed: number) =>
      [3, 1, 2].map((index) => makeInput(seeds, seed, 'decode', index).bytes);
    expect(inputs(1)).toEqual(inputs(1));
    expect(inputs(2)).not.toEqual(inputs(1));
    expect(makeInput(seeds, 1, 'parse', 3).bytes).not.toEqual(inputs(1)[0]);
  });

  it('change every file, of every format and transfer syntax, and leave the seeds as they are', () => {
    const before = seeds.map(({ bytes }) => bytes.slice());
    const groups = new Set<string>();
    for (let index = 0; index < 600; index++) {
      const { seed, bytes } = makeInput(seeds, 1, 'parse', index);
      groups.add(seed.group);
      expect(Buffer.compare(bytes, seed.bytes)).not.toBe(0);
    }
    expect(groups).toEqual(new Set(seeds.map(({ group }) => group)));
    expect(seeds.map(({ bytes }) => bytes)).toEqual(before);
  });

  it('know the units of every seed', () => {
    for (const { name, kind, bytes } of seeds) {
      const units = unitsOf(kind, bytes);
      expect(units.length, name).toBeGreaterThan(kind === 'webp' ? 0 : 2);
      for (const { start, end } of units) {
        expect(start).toBeLessThan(end);
        expect(end).toBeLessThanOrEqual(bytes.length);
      }
    }
  });
});

describe('damage to models and to files with check sums', () => {
  const files = createInputs();

  it.each(['model', 'checked'] as const)('%s: depends on seed and index alone', (task) => {
    const made = (seed: number) =>
      [3, 1, 2].map((index) => Buffer.from(files.make(task, seed, index).bytes).toString('base64'));
    expect(made(1)).toEqual(made(1));
    expect(made(2)).not.toEqual(made(1));
    for (let index = 0; index < 200; index++) {
      const { seed, bytes, mayDiffer } = files.make(task, 1, index);
      // Corrected check sums may undo a flip within one.
      expect(mayDiffer || Buffer.compare(bytes, seed.bytes) !== 0).toBe(true);
    }
  });

  it('reaches every model, and every file with check sums', () => {
    const names = (task: 'model' | 'checked') =>
      new Set(Array.from({ length: 600 }, (_, index) => files.make(task, 1, index).seed.name));
    expect(names('model')).toEqual(new Set(files.models.map(({ name }) => name)));
    expect(names('checked')).toEqual(new Set(files.checked.map(({ name }) => name)));
  });

  it('is examined: what is read as something else without a word is found', async () => {
    const examine = await createFileExaminer();
    const seed = files.checked.find(({ name }) => name === 'stored.npz')!;
    const other = files.checked.find(({ name }) => name === 'grey-8.png')!;
    const flip = (bytes: Uint8Array, bit: number) =>
      bytes.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
    const bytes = flip(seed.bytes, 8 * 200);
    expect(await examine('checked', { seed, bytes, mayDiffer: false })).toBe('INVALID_IMAGES');
    await expect(
      examine('checked', {
        seed: { ...other, name: 'another' },
        bytes: files.checked.find(({ name }) => name === 'rgb-8.png')!.bytes,
        mayDiffer: false,
      }),
    ).rejects.toThrow('without a word');
  });
});

describe('a process that examines', () => {
  const victim = new Examiner(new URL('./fuzz-victim.ts', import.meta.url), 2000);
  const order = { task: 'decode', seed: 1, from: 0, to: 10 } as const;
  afterAll(() => victim.stop());

  it('is asked on from the inputs that crash, break or hang it, each of which is named', async () => {
    const results = [];
    for (const skip of [[], [3], [3, 5], [3, 5, 7]]) {
      const result = await victim.run({ ...order, skip });
      results.push('answer' in result ? 'answer' : [result.index, result.what]);
    }
    expect(results).toEqual([
      [3, expect.stringContaining('SIGABRT')],
      [5, expect.stringContaining('the process ended with 1')],
      [7, 'no end within 2000 ms'],
      'answer',
    ]);
  });
});
