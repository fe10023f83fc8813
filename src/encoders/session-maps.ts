import type { Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { check, checkChoice, checkObject } from '../support/check.js';
import { checkFunction } from '../support/check-kinds.js';
import { SaladError } from '../support/errors.js';
import type { FrozenEncoderOptions } from './frozen-encoder-options.js';

/** A tensor of onnxruntime, as far as it is asked. */
interface SessionTensor {
  readonly dims: readonly number[];
  readonly type: string;
  /** Its numbers, where they are on the processor. */
  readonly data: unknown;
  /** Its numbers, wherever they are; absent in older versions. */
  getData?(): Promise<unknown>;
  /** Frees it; absent in older versions. */
  dispose?(): void;
}

/** An InferenceSession of onnxruntime. */
export type Session = NonNullable<FrozenEncoderOptions['session']>;

/**
 * Pixels to the maps of an ONNX graph, by a session that is handed in.
 *
 * @throws INVALID_OPTION, also where the session does not run
 */
export function mapsOfSession(
  where: string,
  options: {
    readonly session: Session;
    readonly Tensor: FrozenEncoderOptions['Tensor'];
    readonly maps: readonly string[] | undefined;
    readonly layout: 'nchw' | 'nhwc';
  },
): (pixels: Tensor4D) => Promise<Tensor4D[]> {
  const { session, Tensor, layout } = options;
  const members = ['inputNames', 'outputNames', 'run'];
  checkObject(where, 'session', session, 'an InferenceSession of onnxruntime', members);
  checkFunction(where, 'Tensor', Tensor ?? null);
  checkChoice(where, 'layout', layout, ['nchw', 'nhwc']);
  const { maps: names = session.outputNames } = options;
  const missing = names.find((name) => !session.outputNames.includes(name));
  check(
    names.length > 0 && missing === undefined,
    'INVALID_OPTION',
    () =>
      `${where}: maps ${missing === undefined ? 'is an empty list' : `names '${missing}'`}; expected outputs of the session, of ${session.outputNames.join(', ')}; export the graph with the maps as outputs.`,
    { missing },
  );
  return async (pixels) => {
    const input = layout === 'nchw' ? tf.transpose(pixels, [0, 3, 1, 2]) : tf.clone(pixels);
    let data: Float32Array;
    try {
      data = await input.data<'float32'>();
    } finally {
      input.dispose();
    }
    const fed = new (Tensor as NonNullable<typeof Tensor>)('float32', data, input.shape);
    const results = await ran(where, session, { [session.inputNames[0]]: fed }, names, input.shape);
    for (const name of names) checkOutput(where, name, results[name]);
    const maps: Tensor4D[] = [];
    try {
      for (const name of names) maps.push(await mapOf(results[name], layout));
      return maps;
    } catch (error) {
      tf.dispose(maps);
      throw error;
    } finally {
      for (const name of names) results[name].dispose?.();
    }
  };
}

async function ran(
  where: string,
  session: Session,
  feeds: Record<string, object>,
  names: readonly string[],
  dims: readonly number[],
): Promise<Record<string, SessionTensor>> {
  try {
    return await session.run(feeds, [...names]);
  } catch (cause) {
    throw new SaladError(
      'INVALID_OPTION',
      `${where}: the session did not run on pixels of shape [${dims.join(', ')}] (${String(cause).slice(0, 200)}); expected a graph that takes one float32 input of this shape, for any number of films; export it with a free batch size, and see inputShape, channels and layout.`,
      { dims },
      { cause },
    );
  }
}

/** @throws INVALID_OPTION */
function checkOutput(where: string, name: string, result: SessionTensor | undefined): void {
  check(
    result?.type === 'float32' && result.dims?.length === 4,
    'INVALID_OPTION',
    () =>
      `${where}: the session's output '${name}' is ${result ? `${result.type} of shape [${result.dims?.join(', ')}]` : 'missing'}; expected a float32 map of four dimensions.`,
    { name },
  );
}

async function mapOf(result: SessionTensor, layout: 'nchw' | 'nhwc'): Promise<Tensor4D> {
  const { dims } = result;
  const values = ((await result.getData?.()) ?? result.data) as Float32Array;
  return tf.tidy(() => {
    // A copy: the session may use the memory again.
    const tensor = tf.tensor4d(values.slice(), [...dims] as [number, number, number, number]);
    return layout === 'nchw' ? tf.transpose(tensor, [0, 2, 3, 1]) : tensor;
  });
}
