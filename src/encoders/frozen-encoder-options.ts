import type { Tensor4D } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { ImageShape } from '../images/pixels.js';

/** Options of `frozenEncoder`: `inputShape`, and one of `encode`, `infer`, `model` and `session`. */
export interface FrozenEncoderOptions {
  /** [height, width, channels] of a film, in pixels. */
  readonly inputShape: ImageShape;
  /**
   * Your function from pixels to maps, [batch, height, width, channels] each, from shallow to deep; called inside `tf.tidy`, like
   * `encode` of a backbone. @defaultValue none
   */
  readonly encode?: (pixels: Tensor4D) => readonly Tensor4D[];
  /** The same for a function that answers later, whose maps are disposed after use. @defaultValue none */
  readonly infer?: (pixels: Tensor4D) => Promise<readonly Tensor4D[]>;
  /**
   * A LayersModel or a GraphModel of tfjs, which is cut at `maps`; it takes [batch, height, width, channels].
   *
   * @defaultValue none
   */
  readonly model?:
    | LayersModel
    | {
        /**
         * Computes nodes by their names, as a GraphModel does.
         *
         * @param inputs pixels, [batch, height, width, channels].
         * @param outputs names of nodes.
         * @returns a tensor for each name.
         */
        execute(inputs: Tensor4D, outputs: string[]): unknown;
      };
  /** An InferenceSession of onnxruntime-node or onnxruntime-web, as far as it is asked. @defaultValue none */
  readonly session?: {
    /** The first is fed the pixels. */
    readonly inputNames: readonly string[];
    /** Among which are the maps. */
    readonly outputNames: readonly string[];
    /**
     * Computes outputs.
     *
     * @param feeds tensors of the runtime by the names of inputs.
     * @param fetches names of outputs.
     * @returns tensors of the runtime by the names of outputs.
     */
    // biome-ignore lint/suspicious/noExplicitAny: its own types of both differ between versions
    run(feeds: any, fetches: any): Promise<any>;
  };
  /** The class Tensor of the same onnxruntime; required with `session`. @defaultValue none */
  readonly Tensor?: new (
    type: 'float32',
    data: Float32Array,
    dims: readonly number[],
  ) => object;
  /**
   * Names from shallow to deep: of layers (LayersModel) or nodes (GraphModel), required with `model`; of outputs of the session.
   *
   * @defaultValue every output of the session, in its order
   */
  readonly maps?: readonly string[];
  /** Order of the dimensions in the session. @defaultValue 'nchw', as PyTorch exports it */
  readonly layout?: 'nchw' | 'nhwc';
  /** Channels that the encoder takes, at least 1; grey is repeated over them. @defaultValue 3 */
  readonly channels?: number;
  /** What is subtracted from normalised pixels, one number or one a channel. @defaultValue 0 */
  readonly mean?: number | readonly number[];
  /** What the rest is divided by, above 0, one number or one a channel. @defaultValue 1 */
  readonly deviation?: number | readonly number[];
}
