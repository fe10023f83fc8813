import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadDetector } from '../../src/baselines/index.js';
import { detectorKinds } from '../../src/baselines/kinds.js';
import { oldestKinds, renamedKind } from '../../src/baselines/renamed-kinds.js';
import { arraySource } from '../../src/index.js';
import { memoryFile, pixelsOf } from '../model/tiny.js';
import { useBackend } from '../support/backends.js';

beforeAll(() => useBackend('cpu'));

describe.each(Object.entries(detectorKinds))('the kind %s', (kind, create) => {
  it('is the name of its factory, and stands in its config', () => {
    expect(create.name).toBe(kind);
    const detector = create({ inputShape: [8, 8, 1] });
    expect(detector.config.kind).toBe(kind);
    expect(detector.name).toMatch(new RegExp(`^${kind}(-|$)`));
    detector.dispose();
  });

  it('has one oldest name, which is read as this kind', () => {
    expect(renamedKind(kind)).toBe(kind);
    expect(renamedKind(oldestKinds[kind] ?? kind)).toBe(kind);
  });
});

interface Saved {
  readonly artifacts: Record<string, unknown> & { readonly weightData: string };
  readonly scores: readonly number[];
}

// See fixtures/detectors-v1/write.ts.
const saved: readonly Saved[] = JSON.parse(
  await readFile(new URL('../fixtures/detectors-v1/detectors.json', import.meta.url), 'utf8'),
);
const images = arraySource({ pixels: pixelsOf([0, 1, 0, 1], 2), shape: [8, 8, 1] });

it('detectors that version 0.1.0 saved load, whatever their kind was called, and score the same', async () => {
  const kinds: string[] = [];
  for (const { artifacts, scores } of saved) {
    const { buffer } = Uint8Array.from(Buffer.from(artifacts.weightData, 'base64'));
    const detector = await loadDetector(memoryFile({ ...artifacts, weightData: buffer } as never));
    kinds.push(detector.config.kind);
    const { scores: again } = await detector.score(images);
    again.forEach((score, i) => {
      expect(Math.abs(score - scores[i])).toBeLessThan(1e-6 * Math.max(1, Math.abs(scores[i])));
    });
    detector.dispose();
  }
  expect(Object.keys(detectorKinds)).toEqual(expect.arrayContaining(kinds));
  expect(new Set(kinds).size).toBe(13);
});
