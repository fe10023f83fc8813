import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readNpz } from '../../src/data/npz.js';

it('the films of the demo are films of the example, in the same part and with the same label', () => {
  const all = readNpz(readFileSync('examples/data/chest-xray/cxr_pneumonia_64.npz'));
  const demo = readNpz(readFileSync('src/cli/demo-films.npz'));
  for (const [part, normal, abnormal] of [
    ['train', 80, 0],
    ['val', 20, 10],
    ['test', 25, 25],
  ] as const) {
    const known = new Map(films(all, part));
    const chosen = films(demo, part);
    expect(new Set(chosen.map(([pixels]) => pixels)).size).toBe(normal + abnormal);
    expect(chosen.filter(([, label]) => label === 1)).toHaveLength(abnormal);
    for (const [pixels, label] of chosen) expect(known.get(pixels)).toBe(label);
  }
});

/** Pixels of each film as text, with its label. */
function films(arrays: ReturnType<typeof readNpz>, part: string): [string, number][] {
  const pixels = Buffer.from(arrays[`${part}_images`].data as Uint8Array);
  const labels = arrays[`${part}_labels`].data as Uint8Array;
  return Array.from(labels, (label, i) => [
    pixels.subarray(i * 4096, (i + 1) * 4096).toString('base64'),
    label,
  ]);
}
