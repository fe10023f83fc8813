import type { StoredTensor, StoredTensors } from '../learning/stored-tensors.js';
import type { ModelDescription } from '../model/model-file.js';
import type { SaladModel } from '../model/salad-model.js';
import { check, checkChoice, checkKnownOptions } from '../support/check.js';
import { bankScores } from './bank-nodes.js';
import { type CellRows, cellScores } from './cell-nodes.js';
import { chosenScore } from './chosen-nodes.js';
import { encoded } from './encoder-nodes.js';
import { Graph, type Value } from './graph.js';
import { metadataOf, NOTICE } from './metadata.js';
import { type EncodedModel, encodeModel } from './model-proto.js';
import { normalizedImages } from './normalization-nodes.js';
import { unitImages } from './pixel-nodes.js';
import { type SavedContents, savedContents } from './saved-contents.js';
import { cellOutputs, scoreOutputs } from './score-outputs.js';
import { floats } from './tensor-data.js';
import { verdictOutputs } from './verdict-nodes.js';
import { WeightCursor, type WeightPrecision } from './weights.js';

const WHERE = 'toOnnx';

/** Options of `toOnnx`, all with defaults. */
export interface ToOnnxOptions {
  /** How the file holds the weights of the encoder; runtimes compute in float32 either way. @defaultValue 'float32' */
  readonly weights?: WeightPrecision;
}

/**
 * A fitted model as one ONNX file that takes pixels as they are stored and gives the model's scores.
 *
 * Inside the graph: unit range, resize and image normalisation by the model's recipe, encoder, comparison with the bank, both scores,
 * p-value, threshold and verdict. It is written in opset 17 and IR version 8, which runtimes since 2022 load.
 *
 * @param model a fitted model, which stays as it is.
 * @returns `bytes` of the .onnx file, and `data`, bytes of the file 'model.onnx.data' beside it, where one would be above 2 GB.
 * @throws NOT_FITTED | INVALID_OPTION where a part of the model is code that no graph can hold | UNKNOWN_OPTION | DISPOSED
 * @see https://onnx.ai/onnx/; Bozorgtabar et al., MICCAI 2020, Eq. 4, for the scores.
 * @example
 * import { toOnnx } from 'salad-ad/onnx';
 *
 * const { bytes } = await toOnnx(model);
 * await writeFile('chest.onnx', bytes);
 */
export async function toOnnx(
  model: SaladModel,
  options: ToOnnxOptions = {},
): Promise<EncodedModel> {
  checkKnownOptions(WHERE, options, { weights: true });
  const { weights = 'float32' } = options;
  checkChoice(WHERE, 'weights', weights, ['float32', 'float16']);
  const contents = await savedContents(WHERE, model);
  const graph = scoringGraph(model, contents, { weights });
  return encodeModel(graph, {
    producerVersion: '0.1.0',
    description: NOTICE,
    metadata: metadataOf(contents.description),
    dataFile: 'model.onnx.data',
  });
}

function scoringGraph(
  model: SaladModel,
  { description, tensors }: SavedContents,
  { weights: precision }: Required<ToOnnxOptions>,
): Graph {
  const graph = new Graph();
  const { inputShape, resize, imageNormalization } = model.preparation;
  const { pixels, invalid } = unitImages(graph, inputShape, resize);
  const normalized = normalizedImages(WHERE, graph, pixels, inputShape, imageNormalization);
  const [height, width, channels] = inputShape;
  const { embeddings, maps } = encoded(model.backbone, {
    where: WHERE,
    graph,
    images: { value: normalized, size: [height, width], channels },
    cursor: new WeightCursor(tensors, model.backbone.trainable.length),
    precision,
  });
  const { settings, spreads, threshold, normalizer } = description;
  const unusable = graph.node('Or', [invalid, strayFromUnit(graph, embeddings)]);
  const bank = keptRows(graph, { description, tensors });
  const found = bankScores(graph, embeddings, bank, settings.scoreNeighbors);
  const cells =
    settings.score === 'embedding'
      ? undefined
      : cellScores(graph, maps, cellRows(graph, tensors), settings.cells);
  const score = chosenScore(WHERE, graph, settings, found[settings.method], cells?.score, spreads);
  scoreOutputs(graph, { ...found, score, invalid: unusable });
  if (cells) cellOutputs(graph, cells, unusable);
  verdictOutputs(graph, {
    score,
    invalid: unusable,
    threshold: threshold?.value,
    normalizer,
    normalScores: normalScoresOf(description),
  });
  return graph;
}

function cellRows(graph: Graph, tensors: StoredTensors): CellRows {
  const { shape, values } = tensors.get('cells') as StoredTensor;
  const [size, dim] = shape;
  const rows = values as Float32Array;
  return { rows: graph.constant(floats(rows, shape), 'cellBank'), values: rows, size, dim };
}

/** The bank without the rows of known anomalies. @throws NO_ROWS_KEPT */
function keptRows(graph: Graph, { description, tensors }: SavedContents) {
  const { shape, values } = tensors.get('bank') as { shape: number[]; values: Float32Array };
  const left = new Set(description.anomalies);
  const [size, dim] = shape;
  const numbers = Array.from({ length: size }, (_, row) => row).filter((row) => !left.has(row));
  check(
    numbers.length > 0,
    'NO_ROWS_KEPT',
    () =>
      `${WHERE}: all ${size} rows of the bank are of known anomalies; expected at least one row of a normal image; fit the model on some.`,
  );
  const rows = new Float32Array(numbers.length * dim);
  numbers.forEach((row, i) => {
    rows.set(values.subarray(row * dim, (row + 1) * dim), i * dim);
  });
  return {
    rows: graph.constant(floats(rows, [numbers.length, dim]), 'bank'),
    kept: numbers.length,
    numbers,
  };
}

/** [images], whether an embedding is not of length 1, as the library refuses it; also where it is NaN. */
function strayFromUnit(graph: Graph, embeddings: Value): Value {
  const squares = graph.node(
    'ReduceSum',
    [graph.node('Mul', [embeddings, embeddings]), graph.longs(1)],
    { keepdims: { int: 0 } },
  );
  const off = graph.node('Abs', [graph.node('Sub', [squares, graph.float(1)])]);
  return graph.node('Not', [graph.node('LessOrEqual', [off, graph.float(0.01)])]);
}

/** Scores of validation normals, which p-values are counted in; absent before calibration, or in a model that kept none. */
function normalScoresOf({ normalizer, ...rest }: ModelDescription): readonly number[] | undefined {
  const { normalScores } = rest as { normalScores?: { readonly all: readonly number[] } };
  return normalScores?.all ?? (normalizer?.method === 'empirical' ? normalizer.sorted : undefined);
}
