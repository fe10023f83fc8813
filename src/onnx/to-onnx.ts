import type { CombinedDetector } from '../baselines/combined/combined-detector.js';
import type { Detector } from '../learning/detector.js';
import type { SaladModel } from '../model/salad-model.js';
import { checkChoice, checkKnownOptions, checkObject } from '../support/check.js';
import { baselineGraph } from './baseline-graph.js';
import { combinedGraph } from './combined-graph.js';
import { encoderFile } from './encoder-file.js';
import { NOTICE } from './metadata.js';
import { type DescribedGraph, modelGraph } from './model-graph.js';
import type { HeldOptions } from './model-nodes.js';
import { type EncodedModel, encodeModel } from './model-proto.js';

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
  /**
   * What no file of a model holds of a frozen encoder: of a `frozenEncoder` the bytes of the .onnx file that its session was made of, which
   * goes into the graph; of `efficientNetLite0` its weights, where they are others than those of the package.
   *
   * @defaultValue those of the package
   */
  readonly encoder?: ArrayBuffer | Uint8Array;
  /** The maps of a `frozenEncoder`, as it was told. @defaultValue every output of its file, in its order */
  readonly maps?: readonly string[];
  /** The order of dimensions in its file, as it was told. @defaultValue 'nchw' */
  readonly layout?: 'nchw' | 'nhwc';
}

/**
 * A fitted model as one ONNX file that takes pixels as they are stored and gives the model's scores.
 *
 * Inside the graph: unit range, resize and image normalisation by the model's recipe, encoder, comparison with the bank, both scores,
 * p-value, threshold and verdict. It is written in opset 17 and IR version 8, which runtimes since 2022 load.
 *
 * @param model a fitted model; a sum of models (`combinedDetector`); or a detector of 'salad-ad/baselines' that scores by a network, by
 * a weighted sum or by a bank of pixels, whose only output is the score. It stays as it is.
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
  model: SaladModel | CombinedDetector | Detector,
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
  model: SaladModel | CombinedDetector | Detector,
  options: ToOnnxOptions,
  mostBytes?: number,
): Promise<EncodedModel> {
  checkKnownOptions(WHERE, options, {
    weights: true,
    bank: true,
    encoder: true,
    maps: true,
    layout: true,
  });
  const { weights = 'float32', bank = 'float32', layout = 'nchw', maps } = options;
  checkChoice(WHERE, 'weights', weights, ['float32', 'float16']);
  checkChoice(WHERE, 'bank', bank, ['float32', 'int8']);
  checkObject(WHERE, 'model', model, 'a SaladModel or a combinedDetector', ['save', 'score']);
  checkChoice(WHERE, 'layout', layout, ['nchw', 'nhwc']);
  const encoder = options.encoder && new Uint8Array(options.encoder);
  const file = encoder && isOfFrozen(model) ? encoderFile(WHERE, encoder, maps, layout) : undefined;
  const held = { weights, bank, encoder, file };
  const { graph, metadata } = await graphOf(model, held);
  return encodeModel(graph, {
    description: NOTICE,
    metadata,
    dataFile: 'model.onnx.data',
    mostBytes,
  });
}

function graphOf(
  detector: SaladModel | CombinedDetector | Detector,
  held: HeldOptions,
): Promise<DescribedGraph> {
  if ('models' in detector) return combinedGraph(WHERE, detector, held);
  if ('preparation' in detector) return modelGraph(WHERE, detector, held);
  return baselineGraph(WHERE, detector, held);
}

/** Whether a network is a frozenEncoder, of a graph that is not ours. */
function isOfFrozen(detector: SaladModel | CombinedDetector | Detector): boolean {
  const models = 'models' in detector ? Object.values(detector.models) : [detector];
  return models.some((one) => 'backbone' in one && one.backbone.config.kind === 'frozenEncoder');
}
