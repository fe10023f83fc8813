import { check } from '../support/check.js';
import { type BatchShape, checkBatch } from './pixels.js';

/**
 * How an image is brought to a common look before the network sees it.
 *
 * It is a part of the model: applied alike in training, scoring and after loading, and saved with
 * the weights as `{ name, options }`, which is what `JSON.stringify` makes of it. Works on typed
 * arrays, so the result does not depend on the tensor backend.
 */
export interface ImageNormalization {
  readonly name: string;
  /** JSON values that rebuild it. */
  readonly options: Readonly<Record<string, unknown>>;
  /**
   * @param values [count, height, width, channels], in [0, 1]; not written to
   * @param where the call that errors name; default the name of the normalisation
   * @returns the same shape, a new array
   * @throws SHAPE_MISMATCH
   */
  apply(values: Float32Array, shape: BatchShape, where?: string): Float32Array;
}

/** Leaves the pixels in [0, 1] as they are (a copy). */
export function none(): ImageNormalization {
  return {
    name: 'none',
    options: {},
    apply(values, shape) {
      checkBatch('none', values, shape);
      return values.slice();
    },
  };
}

/**
 * A normalisation of your own.
 *
 * A model file holds its name, never its code: hand the same one to `load` again.
 *
 * @param name stored with the model; not the name of one of the library's
 * @param apply pixels in [0, 1] to a new array of the same length
 * @throws INVALID_OPTION
 * @example
 * const centred = customNormalization({ name: 'centred', apply: (values) => values.map((v) => v - 0.5) });
 */
export function customNormalization(definition: {
  name: string;
  apply: (values: Float32Array, shape: BatchShape) => Float32Array;
}): ImageNormalization {
  const { name, apply } = definition;
  check(
    typeof name === 'string' && name !== '' && !isLibraryNormalization(name),
    'INVALID_OPTION',
    () =>
      `customNormalization: name is '${name}'; expected a name other than ${LIBRARY_NAMES.join(', ')}.`,
  );
  return {
    name,
    options: {},
    apply(values, shape, where) {
      checkBatch(where ?? name, values, shape);
      const result = apply(values, shape);
      const subject = where ? `imageNormalization '${name}' returned` : 'returned';
      checkBatch(where ?? name, result, shape, subject);
      return result;
    },
  };
}

const LIBRARY_NAMES: readonly string[] = ['none', 'equalize', 'localContrast'];

/** Whether a normalisation of this name is the library's own, and so is made from name and options. */
export function isLibraryNormalization(name: string): boolean {
  return LIBRARY_NAMES.includes(name);
}
