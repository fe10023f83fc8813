import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { arraySource, type ImageSource } from '../../src/data/index.js';
import type {
  DetectorFactory,
  ExperimentConfig,
  ExperimentData,
} from '../../src/experiments/index.js';
import { pixelsOf, SIDE } from '../model/tiny.js';

/** A part of 8 x 8 films; `seed` makes its images differ from other parts'. */
export function part(name: string, normals: number, anomalies: number, seed: number): ImageSource {
  const labels = Array.from({ length: normals + anomalies }, (_, i) => Number(i >= normals));
  return arraySource({
    pixels: pixelsOf(labels, seed),
    shape: [SIDE, SIDE, 1],
    labels,
    ids: labels.map((_, i) => `${name}-${i}`),
    patients: labels.map((_, i) => `${name}-patient-${Math.floor(i / 2)}`),
  });
}

export function tinyData(): ExperimentData {
  return {
    train: part('train', 20, 6, 1),
    validation: part('validation', 6, 6, 2),
    test: part('test', 10, 8, 3),
  };
}

export const tinyConfig: ExperimentConfig = {
  dataSets: ['bands'],
  inputShape: [SIDE, SIDE, 1],
  detectors: [
    { name: 'texture', kind: 'texture' },
    {
      name: 'pixels',
      kind: 'pixelBank',
      settings: [{ scoreNeighbors: 1 }, { scoreNeighbors: 5 }],
    },
  ],
  anomalies: [
    { ratio: 0, form: 'added' },
    { ratio: 0.1, form: 'added' },
  ],
  seeds: [1, 2],
};

export const newFolder = () => mkdtemp(join(tmpdir(), 'salad-ad-experiment-'));

/** What a made-up detector was given, and what it answers. */
export interface MadeUp {
  /** Scores of a source, by the settings of the detector; one score an image. */
  scores(images: ImageSource, options: Readonly<Record<string, unknown>>): ArrayLike<number>;
  onFit?(train: ImageSource, validation: ImageSource | undefined): void | Promise<void>;
  readonly epochs?: number;
}

/** A kind of detector that answers as the test says. */
export function madeUp({ scores, onFit, epochs = 0 }: MadeUp): DetectorFactory {
  return ({ options }) => ({
    detector: {
      name: 'made-up',
      usesLabels: false,
      config: { kind: 'made-up' },
      async fit(train, { validation, callbacks, signal } = {}) {
        await onFit?.(train, validation);
        signal?.throwIfAborted();
        const reported: { epoch: number; loss: number; seconds: number }[] = [];
        let stopped = false;
        for (let epoch = 0; epoch < epochs && !stopped; epoch++) {
          reported.push({ epoch, loss: 1, seconds: 0.001 });
          stopped = (await callbacks?.onEpochEnd?.(epoch, {})) === false;
        }
        return { epochs: reported, stopped };
      },
      async score(images) {
        return { ids: images.ids, scores: Float32Array.from(scores(images, options)) };
      },
      save: () => Promise.reject(new Error('not made to be saved')),
      dispose() {},
    },
  });
}
