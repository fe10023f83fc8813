import { backboneFromConfig } from '../backbones/from-config.js';
import type { ImageNormalization } from '../images/image-normalization.js';
import type { StoredTensor, StoredTensors } from '../learning/stored-tensors.js';
import type { ModelDescription } from '../model/model-file.js';
import { rowSum } from './bank-nodes.js';
import { inDouble, inFloat } from './casts.js';
import type { DetectorParts, ScoredValues } from './detector-parts.js';
import { type DistanceRows, nearestRows, squaredDistances } from './distance-nodes.js';
import { encoded } from './encoder-nodes.js';
import type { Graph, Value } from './graph.js';
import { channelsFirst } from './layer-nodes.js';
import { strayFromUnit } from './model-nodes.js';
import { normalizedImages } from './normalization-nodes.js';
import { doubles, floats } from './tensor-data.js';
import { WeightCursor } from './weights.js';

/** Added to a mean reach, as the detector does. */
const EPSILON = 1e-10;

/** How much thinner the kept vectors lie around an image than around its neighbours. */
export async function localOutlierFactor(parts: DetectorParts): Promise<ScoredValues> {
  const { graph } = parts;
  const { queries, kept, unusable } = await vectors(parts);
  const { k, reaches, densities } = parts.facts as {
    k: number;
    reaches: readonly number[];
    densities: readonly number[];
  };
  const { rows, distances } = nearestRows(graph, queries, kept, k);
  const ofRows = (numbers: readonly number[]) =>
    graph.node('Gather', [
      graph.constant(floats(Float32Array.from(numbers), [numbers.length])),
      rows,
    ]);
  const mean = (values: Value) => graph.node('Div', [rowSum(graph, values), graph.float(k)]);
  const reach = mean(graph.node('Max', [distances, ofRows(reaches)]));
  const thin = graph.node('Add', [reach, graph.float(EPSILON)]);
  return { score: graph.node('Mul', [mean(ofRows(densities)), thin]), unusable };
}

/** rho - sum of alpha exp(-gamma |x - y|^2) over the support vectors. */
export async function oneClassSvm(parts: DetectorParts): Promise<ScoredValues> {
  const { graph } = parts;
  const { queries, kept, unusable } = await vectors(parts);
  const { gamma, offset, alphas } = parts.facts as {
    gamma: number;
    offset: number;
    alphas: readonly number[];
  };
  const squares = inDouble(graph, squaredDistances(graph, queries, kept));
  const kernel = graph.node('Exp', [graph.node('Mul', [squares, graph.double(-gamma)])]);
  const weighed = graph.node('Mul', [kernel, graph.constant(doubles(alphas, [alphas.length]))]);
  const score = graph.node('Sub', [graph.double(offset), rowSum(graph, weighed)]);
  return { score: inFloat(graph, score), unusable };
}

/** What such a detector compares: pixels, or the embeddings of the model that lives in its file; and the vectors that it kept. */
async function vectors(
  parts: DetectorParts,
): Promise<{ readonly queries: Value; readonly kept: DistanceRows; readonly unusable?: Value }> {
  const { graph, images, tensors } = parts;
  const { shape, values } = tensors.get('kept') as StoredTensor;
  const [size, dim] = shape;
  const embeddings = await embedded(parts);
  if (embeddings) {
    const kept = keptRows(graph, values as Float32Array, size, dim);
    return { queries: embeddings, kept, unusable: strayFromUnit(graph, embeddings) };
  }
  const ordered = new Float32Array(values.length);
  for (let row = 0; row < size; row++)
    ordered.set(
      channelsFirst(Float32Array.from(values.subarray(row * dim, (row + 1) * dim)), images, 1),
      row * dim,
    );
  const kept = keptRows(graph, ordered, size, dim);
  return { queries: graph.node('Flatten', [images.value]), kept };
}

function keptRows(graph: Graph, values: Float32Array, size: number, dim: number): DistanceRows {
  return { rows: graph.constant(floats(values, [size, dim]), 'kept'), values, size, dim };
}

/** Before the names of its tensors. */
const PREFIX = 'features/';

/** The embeddings of the model within the file, [images, dim]; undefined where pixels are compared. */
async function embedded(parts: DetectorParts): Promise<Value | undefined> {
  const { where, graph, images, facts, tensors, held } = parts;
  const { features } = facts as {
    features?: { userDefinedMetadata: { saladAd: ModelDescription } };
  };
  if (!features) return undefined;
  const { saladAd: description } = features.userDefinedMetadata;
  const own: StoredTensors = new Map(
    [...tensors].flatMap(([name, tensor]) =>
      name.startsWith(PREFIX) ? [[name.slice(PREFIX.length), tensor] as const] : [],
    ),
  );
  const [height, width] = images.size;
  const value = normalizedImages(
    where,
    graph,
    images.value,
    [height, width, images.channels],
    description.imageNormalization as Pick<ImageNormalization, 'name' | 'options'>,
  );
  const backbone = await backboneFromConfig(description.backbone, where);
  const trainable = backbone.trainable.length;
  backbone.dispose();
  const { embeddings } = await encoded(backbone, {
    where,
    graph,
    images: { ...images, value },
    cursor: new WeightCursor(own, trainable),
    precision: held.weights,
    given: held.encoder,
    file: held.file,
  });
  return embeddings;
}
