import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { detectorFromConfig, loadDetector } from '../../src/baselines/index.js';
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

type Config = Parameters<typeof detectorFromConfig>[0];

interface Saved {
  readonly artifacts: Record<string, unknown> & {
    readonly weightData: string;
    readonly userDefinedMetadata: { readonly saladAdDetector: { readonly config: Config } };
  };
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

describe('configs of version 0.1.0, held as JSON, make the same detectors', () => {
  const configs = saved.map(({ artifacts }): [string, Config] => [
    artifacts.userDefinedMetadata.saladAdDetector.config.kind,
    artifacts.userDefinedMetadata.saladAdDetector.config,
  ]);
  const network = { inputShape: [8, 8, 1], channels: [2] };
  const backbone = { kind: 'conv', ...network, embeddingSize: 3 };

  it.each(configs)('%s', async (kind, config) => {
    const detector = await detectorFromConfig(config);
    expect(detector.config.kind).toBe(renamedKind(kind));
    const twin = await detectorFromConfig(detector.config);
    expect(twin.config).toEqual(detector.config);
    for (const one of [detector, twin]) one.dispose();
  });

  it.each<[Config, object]>([
    [{ kind: 'dae', ...network, keep: 'best-validation' }, { keep: 'bestValidation' }],
    [{ kind: 'deep-svdd', ...network, objective: 'one-class' }, { objective: 'oneClass' }],
    [{ kind: 'deep-svdd', ...network, objective: 'soft-boundary' }, { objective: 'softBoundary' }],
    [
      { kind: 'geometric', ...network, score: 'true-transformation' },
      { kind: 'geometricTransformations', score: 'trueTransformation' },
    ],
    [
      { kind: 'salad', backbone, keep: 'best-validation' },
      { backbone: { kind: 'convAutoencoder' }, keep: 'bestValidation' },
    ],
    [
      {
        kind: 'lof',
        inputShape: [8, 8, 1],
        features: { kind: 'salad', backbone, keep: 'best-validation' },
      },
      { features: { backbone: { kind: 'convAutoencoder' }, keep: 'bestValidation' } },
    ],
  ])('%j', async (stored, expected) => {
    const detector = await detectorFromConfig(stored);
    expect(detector.config).toMatchObject(expected);
    detector.dispose();
  });
});
