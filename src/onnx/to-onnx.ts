import type { Preparation } from '../images/preparation.js';
import type { ResizePolicy } from '../images/resize.js';
import type { SaladModel } from '../model/salad-model.js';
import { checkChoice, checkKnownOptions } from '../support/check.js';
import { bankScores } from './bank-nodes.js';
import { bankRows, cellRows } from './bank-rows.js';
import { cellScores } from './cell-nodes.js';
import { chosenScore } from './chosen-nodes.js';
import { encoded } from './encoder-nodes.js';
import { Graph, type Value } from './graph.js';
import { metadataOf, NOTICE } from './metadata.js';
import { type EncodedModel, encodeModel } from './model-proto.js';
import { normalizedImages } from './normalization-nodes.js';
import { unitImages } from './pixel-nodes.js';
import { type SavedContents, savedContents } from './saved-contents.js';
import { cellOutputs, scoreOutputs } from './score-outputs.js';
import { verdictOutputs } from './verdict-nodes.js';
import { WeightCursor } from './weights.js';

const WHERE = 'toOnnx';

/** Options of `toOnnx`, all with defaults. */
export interface ToOnnxOptions {
  /** How the file holds the weights of the encoder; runtimes compute in float32 either way. @defaultValue 'float32' */
  readonly weights?: 'float32' | 'float16';
  /**
   * How the file holds the rows of the banks. The metadata tell how far the farthest row of 'int8' is from what it was, in radians.
   *
   * @defaultValue 'float32'
   */
  readonly bank?: 'float32' | 'int8';
  /** The weights of `efficientNetLite0`, where the model was made with others than those of the package. @defaultValue those of the package */
  readonly encoder?: ArrayBuffer | Uint8Array;
}

type WithDefaults = ToOnnxOptions & Required<Pick<ToOnnxOptions, 'weights' | 'bank'>>;

/**
 * A fitted model as one ONNX file that takes pixels as they are stored and gives the model's scores.
 *
 * Inside the graph: unit range, resize and image normalisation by the model's recipe, encoder, comparison with the bank, both scores,
 * p-value, threshold and verdict. It is written in opset 17 and IR version 8, which runtimes since 2022 load.
 *
 * @param model a fitted model, which stays as it is.
 * @returns `bytes` of the .onnx file, and `data`, bytes of the file 'model.onnx.data' beside it, where one would be above 2 GB.
 * @throws NOT_FITTED | INVALID_OPTION where a part of the model is code that no graph can hold | UNKNOWN_OPTION | DISPOSED | NO_ROWS_KEPT |
 * MISSING_WEIGHTS | TRUNCATED_MODEL
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
): Promise<{
  /** The .onnx file. */
  readonly bytes: Uint8Array;
  /** The file 'model.onnx.data' that lies beside it; absent where one file holds all. */
  readonly data?: Uint8Array;
}> {
  return onnxOf(model, options);
}

/** `toOnnx` with files of so many bytes at most. */
export async function onnxOf(
  model: SaladModel,
  options: ToOnnxOptions,
  mostBytes?: number,
): Promise<EncodedModel> {
  checkKnownOptions(WHERE, options, { weights: true, bank: true, encoder: true });
  const { weights = 'float32', bank = 'float32', encoder } = options;
  checkChoice(WHERE, 'weights', weights, ['float32', 'float16']);
  checkChoice(WHERE, 'bank', bank, ['float32', 'int8']);
  const contents = await savedContents(WHERE, model);
  const { graph, bankLoss } = await scoringGraph(model, contents, { weights, bank, encoder });
  return encodeModel(graph, {
    description: NOTICE,
    metadata: metadataOf(contents.description, model.preparation, { weights, bank, bankLoss }),
    dataFile: 'model.onnx.data',
    mostBytes,
  });
}

async function scoringGraph(
  model: SaladModel,
  { description, tensors }: SavedContents,
  { weights, bank, encoder }: WithDefaults,
): Promise<{ graph: Graph; bankLoss: number }> {
  const graph = new Graph();
  const { inputShape, imageNormalization } = model.preparation;
  const { pixels, invalid } = unitImages(graph, inputShape, resizeOf(model.preparation));
  const normalized = normalizedImages(WHERE, graph, pixels, inputShape, imageNormalization);
  const [height, width, channels] = inputShape;
  const { embeddings, maps } = await encoded(model.backbone, {
    where: WHERE,
    graph,
    images: { value: normalized, size: [height, width], channels },
    cursor: new WeightCursor(tensors, model.backbone.trainable.length),
    precision: weights,
    given: encoder && new Uint8Array(encoder),
  });
  const { settings, spreads, threshold, normalizer, normalScores } = description;
  const unusable = graph.node('Or', [invalid, strayFromUnit(graph, embeddings)]);
  const rows = bankRows(WHERE, graph, description, tensors, bank);
  const found = bankScores(graph, embeddings, rows, settings.scoreNeighbors);
  const places = settings.score === 'embedding' ? undefined : cellRows(graph, tensors, bank);
  const cells = places && cellScores(graph, maps, places, settings.cells);
  const score = chosenScore(WHERE, graph, settings, found[settings.method], cells?.score, spreads);
  scoreOutputs(graph, { ...found, score, invalid: unusable });
  if (cells) cellOutputs(graph, cells, unusable);
  verdictOutputs(graph, {
    score,
    invalid: unusable,
    threshold: threshold?.value,
    normalizer,
    normalScores: normalScores?.all,
  });
  return { graph, bankLoss: Math.max(rows.loss, places?.loss ?? 0) };
}

/** By the model's own policy; else by that of its recipe, so that whoever feeds the pixels of files need not resize them. */
function resizeOf({ inputShape, resize, recipe }: Preparation): ResizePolicy | undefined {
  const [height, width] = recipe?.size ?? [];
  return (
    resize ?? (height === inputShape[0] && width === inputShape[1] ? recipe?.resize : undefined)
  );
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
