import * as tf from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import {
  arraySource,
  type BackboneOptions,
  convAutoencoder,
  type ImageSource,
  layersBackbone,
  none,
  SaladModel,
  type SaladOptions,
} from '../../src/index.js';
import { RandomStream } from '../../src/support/random.js';

export { codeOf } from '../support/code-of.js';

// The smallest model and images on which everything can be seen to work.

export const SIDE = 8;
const PIXELS = SIDE * SIDE;

/**
 * `count` images: a bright band across a dark field, at a height that varies; an anomaly has it along
 * the field instead.
 */
export function pixelsOf(labels: ArrayLike<number>, seed = 1): Float32Array {
  const pixels = new Float32Array(labels.length * PIXELS);
  for (let i = 0; i < labels.length; i++) {
    const random = new RandomStream(seed, ['image', i]);
    const at = 2 + random.integer(4);
    for (let p = 0; p < PIXELS; p++) {
      const along = labels[i] ? p % SIDE : Math.floor(p / SIDE);
      const band = Math.abs(along - at) < 2 ? 0.8 : 0.1;
      pixels[i * PIXELS + p] = band + 0.1 * random.uniform();
    }
  }
  return pixels;
}

/** The same images in 8 bits, of which the stored models were made. */
export function bytesOf(labels: ArrayLike<number>, seed: number): Uint8Array {
  return Uint8Array.from(pixelsOf(labels, seed), (value) => Math.round(255 * value));
}

/** Images of 8 bits with labels. */
export function labelledBytes(labels: readonly number[], seed: number): ImageSource {
  return arraySource({ pixels: bytesOf(labels, seed), shape: [SIDE, SIDE, 1], labels });
}

/** Images with labels: 0 = normal, 1 = anomaly. */
export function labelled(labels: readonly number[], seed = 1): ImageSource {
  return arraySource({ pixels: pixelsOf(labels, seed), shape: [SIDE, SIDE, 1], labels });
}

/** Normal images without labels. */
export function normals(count: number, seed = 1, idPrefix = 'train'): ImageSource {
  const labels = new Array<number>(count).fill(0);
  const ids = labels.map((_, i) => `${idPrefix}-${i}`);
  return arraySource({ pixels: pixelsOf(labels, seed), shape: [SIDE, SIDE, 1], ids });
}

/** `normalCount` normal images, then `anomalyCount` anomalies. */
export function mixed(normalCount: number, anomalyCount: number, seed = 1): ImageSource {
  const labels = Array.from({ length: normalCount + anomalyCount }, (_, i) =>
    i < normalCount ? 0 : 1,
  );
  return labelled(labels, seed);
}

const inputShape = [SIDE, SIDE, 1] as const;

/** A backbone whose first weights are of the model's seed. */
export const tinyOptions: BackboneOptions = {
  kind: 'convAutoencoder',
  inputShape,
  channels: [4],
  embeddingSize: 8,
};

/** Options of a model that sees images so large that few of them fill a batch. */
export const large200 = {
  backbone: { ...tinyOptions, inputShape: [200, 200, 1] },
  resize: { method: 'bilinear', fit: 'stretch' },
  score: 'both',
  cells: { grid: [4, 4], coreset: 0.5 },
} as const;

export function tinyBackbone(seed = 3) {
  return convAutoencoder({ inputShape, channels: [4], embeddingSize: 8, seed });
}

/** An encoder without a decoder. */
export const encoderAlone = () =>
  layersBackbone({
    encoder: sequential({
      layers: [layers.flatten({ inputShape: [SIDE, SIDE, 1] }), layers.dense({ units: 8 })],
    }),
  });

/** One pre-training epoch and two rounds of one epoch each, three steps an epoch for 12 images. */
export function tinyModel(options: Partial<SaladOptions> = {}): SaladModel {
  return SaladModel.create({
    // Not a default to be overridden: a backbone made in vain would stay.
    backbone: options.backbone ?? tinyBackbone(),
    imageNormalization: none(),
    pretrainEpochs: 1,
    rounds: 2,
    epochsPerRound: 1,
    batchSize: 4,
    neighborhoodSize: 2,
    scoreNeighbors: 3,
    learningRate: 0.01,
    augmentation: { shift: 0, rotation: 0, scale: 0 },
    // Cells have tests of their own.
    score: 'embedding',
    ...options,
  });
}

/** A model file in memory, as bytes of its own: what was saved is not moved by later training. */
export interface MemoryFile extends tf.io.IOHandler {
  artifacts?: tf.io.ModelArtifacts;
  /** Every version saved, oldest first. */
  readonly versions: tf.io.ModelArtifacts[];
}

export function memoryFile(artifacts?: tf.io.ModelArtifacts): MemoryFile {
  const file: MemoryFile = {
    artifacts,
    versions: [],
    async save(saved) {
      file.artifacts = copyOf(saved);
      file.versions.push(file.artifacts);
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    },
    async load() {
      if (!file.artifacts) throw new Error('nothing has been saved');
      return copyOf(file.artifacts);
    },
  };
  return file;
}

/** Through JSON, as every real handler takes it. */
export function copyOf(artifacts: tf.io.ModelArtifacts): tf.io.ModelArtifacts {
  const { weightData, ...description } = artifacts;
  const bytes = tf.io.concatenateArrayBuffers([weightData ?? []].flat());
  return { ...JSON.parse(JSON.stringify(description)), weightData: bytes.slice(0) };
}

/** Everything that a run must reproduce: losses without wall-clock times, and scores. */
export async function outcome(model: SaladModel, images: ImageSource) {
  const { scores, relative, angular, nearestRows, threshold } = await model.score(images);
  const bank = Array.from(await model.bank.rows.data());
  const history = model.history.map(({ seconds: _, ...log }) => log);
  return { history, bank, scores, relative, angular, nearestRows, threshold };
}
