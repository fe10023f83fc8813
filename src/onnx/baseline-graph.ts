import type { ConvAutoencoderOptions } from '../backbones/conv-autoencoder.js';
import type { Detector } from '../learning/detector.js';
import { readTensors, type StoredTensor, storedWeights } from '../learning/stored-tensors.js';
import { SaladError } from '../support/errors.js';
import { bankScores, rowSum } from './bank-nodes.js';
import { bankBlocks } from './bank-rows.js';
import { inFloat } from './casts.js';
import { convVectors } from './conv-vectors.js';
import { decodedImages, meanSquaresBetween } from './decoder-nodes.js';
import type { DetectorConfig, DetectorParts, ScoredValues } from './detector-parts.js';
import { encoded } from './encoder-nodes.js';
import { Graph } from './graph.js';
import { channelsFirst, pooled, projected, unitRows } from './layer-nodes.js';
import { NOTICE_TEXTS } from './metadata.js';
import type { DescribedGraph } from './model-graph.js';
import {
  fixedSize,
  type HeldOptions,
  preparedImages,
  type Steps,
  strayFromUnit,
} from './model-nodes.js';
import { meanIntensity, texture } from './one-number-nodes.js';
import { unitImages } from './pixel-nodes.js';
import { resnetMaps } from './residual-nodes.js';
import { savedArtifacts } from './saved-contents.js';
import { floats } from './tensor-data.js';
import { geometricTransformations } from './transformation-nodes.js';
import { localOutlierFactor, oneClassSvm } from './vector-nodes.js';
import { unlessInvalid } from './verdict-nodes.js';
import { WeightCursor } from './weights.js';

const KINDS: Readonly<
  Record<string, (parts: DetectorParts) => ScoredValues | Promise<ScoredValues>>
> = Object.freeze({
  deepSvdd: toCenter,
  deepSad: toCenter,
  denoisingAutoencoder: autoencoder,
  adversarialOneClass: autoencoder,
  resnetClassifier,
  logisticRegression,
  pixelBank,
  geometricTransformations,
  localOutlierFactor,
  oneClassSvm,
  meanIntensity,
  texture,
});

/** Why some kinds are not written. */
const REASONS: Readonly<Record<string, string>> = Object.freeze({
  isolationForest: ', whose trees are conditions and no arithmetic',
});

/** The graph of a detector of 'salad-ad/baselines', whose only output is the score. @throws INVALID_OPTION for one that is not written */
export async function baselineGraph(
  where: string,
  detector: Detector,
  held: HeldOptions,
): Promise<DescribedGraph> {
  const { kind } = detector.config;
  const nodes = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  if (!nodes)
    throw new SaladError(
      'INVALID_OPTION',
      `${where}: the detector is '${kind}'${REASONS[kind] ?? ''}, which is not written; expected a SaladModel, a combinedDetector, or one of ${Object.keys(KINDS).join(', ')}.`,
      { kind },
    );
  const artifacts = await savedArtifacts(detector);
  const { config, recipe, facts } = Object(artifacts.userDefinedMetadata).saladAdDetector as {
    config: DetectorConfig;
    recipe?: Steps['recipe'];
    facts: unknown;
  };
  const tensors = readTensors(where, artifacts, 'saladAdDetector', storedWeights(where, artifacts));
  const steps = { ...config, recipe };
  const graph = new Graph();
  const { pixels, invalid } = unitImages(graph, config.inputShape[2], fixedSize(steps));
  const images = preparedImages(where, graph, pixels, steps);
  const { score, unusable } = await nodes({ where, graph, images, config, tensors, facts, held });
  const either = unusable ? graph.node('Or', [invalid, unusable]) : invalid;
  graph.output(unlessInvalid(graph, either, score), {
    name: 'score',
    type: 'float32',
    dims: ['images'],
    description: 'The score of the detector, higher is more anomalous; NaN for an invalid image.',
  });
  const { 'salad-ad.notice': notice } = NOTICE_TEXTS;
  const { inputShape, resize, imageNormalization } = config;
  const preparation = { inputShape, resize, imageNormalization, recipe };
  return {
    graph,
    metadata: {
      'salad-ad.notice': notice,
      'salad-ad.detector': JSON.stringify(config),
      'salad-ad.steps': JSON.stringify(preparation),
    },
  };
}

/** How badly a `convAutoencoder` repeats images; or how far a second encoder takes what it makes of them from where the first took them. */
async function autoencoder(parts: DetectorParts): Promise<ScoredValues> {
  const { where, graph, images, config, tensors, held } = parts;
  const { inputShape, channels, embeddingSize, activationSlope, score } =
    config as unknown as Required<ConvAutoencoderOptions> & {
      score?: 'reconstruction' | 'embedding';
    };
  const options = { inputShape, channels, embeddingSize, activationSlope };
  const backbone = { config: { kind: 'convAutoencoder', ...options }, embeddingSize };
  // Two statistics a normalisation, which come last: one a level there and back, and in a second encoder; the critic has none.
  const levels = channels.length;
  const statistics = config.kind === 'adversarialOneClass' ? 6 * levels : 4 * levels;
  const cursor = new WeightCursor(tensors, tensors.size - statistics);
  const encoder = { where, graph, images, cursor, precision: held.weights };
  const values = await encoded(backbone, encoder);
  const rebuilt = await decodedImages(backbone, encoder, values);
  if (score !== 'embedding') return { score: meanSquaresBetween(encoder, rebuilt) };
  const again = convVectors(
    encoder,
    { ...images, value: rebuilt },
    { channels, activationSlope },
    true,
  );
  const apart = graph.node('Sub', [values.embeddings, unitRows(graph, again)]);
  return { score: rowSum(graph, graph.node('Mul', [apart, apart])) };
}

/** The log-odds of a ResNet-18. */
function resnetClassifier({
  where,
  graph,
  images,
  config,
  tensors,
  held,
}: DetectorParts): ScoredValues {
  const { width } = config as unknown as { width: number };
  // A mean and a variance for each of 20 convolutions.
  const cursor = new WeightCursor(tensors, tensors.size - 40);
  const parts = { where, graph, images, cursor, precision: held.weights };
  const maps = resnetMaps(parts, { width });
  const odds = projected(graph, pooled(graph, maps[maps.length - 1]), cursor, held.weights);
  return { score: graph.node('Reshape', [odds, graph.longs(-1)]) };
}

/** The log-odds of a weighted sum of pixels. */
function logisticRegression({ graph, images, facts }: DetectorParts): ScoredValues {
  const { weights, intercept } = facts as { weights: readonly number[]; intercept: number };
  const ordered = channelsFirst(Float32Array.from(weights), images, 1);
  const flat = graph.node('Flatten', [images.value]);
  const sum = graph.node('MatMul', [flat, graph.constant(floats(ordered, [ordered.length, 1]))]);
  const odds = graph.node('Add', [sum, graph.float(intercept)]);
  return { score: graph.node('Reshape', [odds, graph.longs(-1)]) };
}

/** Squared distance to the centre, minus the squared radius of `deepSvdd`. */
function toCenter({ graph, images, config, tensors, held }: DetectorParts): ScoredValues {
  const { channels, activationSlope } = config as unknown as {
    channels: readonly number[];
    activationSlope: number;
  };
  // A filter, a scale and an offset a level, and the linear map without a bias.
  const trainable = 3 * channels.length + 1;
  const cursor = new WeightCursor(tensors, trainable);
  const network = { graph, cursor, precision: held.weights };
  const embeddings = convVectors(network, images, { channels, activationSlope }, false);
  const { values: center } = cursor.nextRecorded();
  const from = graph.node('Sub', [embeddings, graph.constant(floats(center, [center.length]))]);
  const squares = rowSum(graph, graph.node('Mul', [from, from]));
  if (config.kind === 'deepSad') return { score: squares };
  const radius = cursor.nextRecorded().values[0];
  return { score: graph.node('Sub', [squares, graph.float(radius * radius)]) };
}

/** Pixels of mean 0 and length 1 beside those of the training images. */
function pixelBank({ graph, images, config, tensors }: DetectorParts): ScoredValues {
  const { scoreNeighbors, method } = config as unknown as {
    scoreNeighbors: number;
    method: 'relative' | 'angular';
  };
  const { shape, values } = tensors.get('bank') as StoredTensor;
  const [kept] = shape;
  const size = values.length / kept;
  const rows = new Float32Array(values.length);
  for (let row = 0; row < kept; row++) {
    const own = Float64Array.from(values.subarray(row * size, (row + 1) * size));
    const mean = own.reduce((sum, value) => sum + value, 0) / size;
    const centred = own.map((value) => value - mean);
    const length = Math.sqrt(centred.reduce((sum, value) => sum + value * value, 0));
    const unit = Float32Array.from(centred, (value) => value / length);
    rows.set(channelsFirst(unit, images, 1), row * size);
  }
  const flat = graph.node('Flatten', [images.value]);
  const mean = graph.node('Div', [
    graph.node('ReduceSum', [flat, graph.longs(1)], { keepdims: { int: 1 } }),
    graph.float(size),
  ]);
  const unit = unitRows(graph, graph.node('Sub', [flat, mean]));
  const numbers = Array.from({ length: kept }, (_, row) => row);
  const blocks = bankBlocks(graph, rows, size, 'float32');
  const found = bankScores(graph, unit, { blocks, kept, numbers }, scoreNeighbors);
  return { score: inFloat(graph, found[method]), unusable: strayFromUnit(graph, unit) };
}
