import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createExaminer, Finding } from '../../benchmarks/fuzz/examine.js';

const folder = new URL('../fixtures/fuzz/found/', import.meta.url);

/** Files that once made a decoder do what it must not, shortened; see docs/bad-input.md. */
describe('files found by fuzzing', () => {
  const examine = createExaminer();

  it.each(readdirSync(folder))('%s is read or refused as promised', async (name) => {
    const bytes = new Uint8Array(readFileSync(new URL(name, folder)));
    expect((await examine('parse', bytes)).outcome).toMatch(/^(ok|IMAGE_[A-Z_]+)$/);
    expect((await examine('decode', bytes)).outcome).toMatch(/^(ok|IMAGE_[A-Z_]+)$/);
  });

  it('would be told from files that are none', async () => {
    const { checkImage } = await import('../../benchmarks/fuzz/examine.js');
    const image = { pixels: new Uint16Array([5]), shape: [1, 1, 1] as const, bitsStored: 3 };
    expect(() => checkImage(image)).not.toThrow();
    for (const broken of [
      { ...image, bitsStored: 2 },
      { ...image, shape: [1, 2, 1] as const },
      { ...image, shape: [1, 1, 2] as const },
      { ...image, pixels: new Float32Array([Number.NaN]) },
      { ...image, metadata: { patient: 'DRAWN-0815' } },
      { ...image, metadata: { view: 'Drawn^Phantom' } },
    ])
      expect(() => checkImage(broken)).toThrow(Finding);
  });
});
