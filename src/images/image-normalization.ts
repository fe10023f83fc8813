import { check, checkFinite, checkKnownOptions } from '../support/check.js';
import { checkFunction } from '../support/check-kinds.js';
import { type BatchShape, checkBatch } from './pixels.js';

/**
 * How an image is brought to a common look before the network sees it.
 *
 * It belongs to the model: applied alike in training, scoring and after loading, and saved with
 * the weights as `{ name, options }`, which is what `JSON.stringify` makes of it. Works on typed
 * arrays, so the result does not depend on the tensor backend.
 */
export interface ImageNormalization {
  /** What it is saved and found by: 'none', 'equalize', 'localContrast', or a name of yours. */
  readonly name: string;
  /** JSON values that it is made from again, such as `{ radius: 6 }`. */
  readonly options: Readonly<Record<string, unknown>>;
  /**
   * Normalises a batch.
   *
   * @param values [count, height, width, channels], in [0, 1]; not written to
   * @param shape of `values`
   * @param where the call that errors name; default the name of the normalisation
   * @returns [count, height, width, channels], a new array
   * @throws SHAPE_MISMATCH, INVALID_OPTION
   */
  apply(values: Float32Array, shape: BatchShape, where?: string): Float32Array;
}

/**
 * Leaves the pixels in [0, 1] as they are; `apply` returns a copy.
 *
 * @returns a normalisation for `SaladModel.create({ imageNormalization })`
 * @throws SHAPE_MISMATCH, INVALID_OPTION, when `apply` is called
 * @example
 * const model = SaladModel.create({ backbone, imageNormalization: none() });
 */
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
 * @param definition its `name` and the function that does it
 * @returns a normalisation for `SaladModel.create` and `SaladModel.load`
 * @throws INVALID_OPTION, for one where the name is missing or one of the library's; UNKNOWN_OPTION; `apply` throws SHAPE_MISMATCH, NOT_FINITE
 * @example
 * const centred = customNormalization({ name: 'centred', apply: (values) => values.map((v) => v - 0.5) });
 */
export function customNormalization(definition: {
  /** Saved with the model. */
  name: string;
  /** From pixels in [0, 1], [count, height, width, channels], to a new array of the same length. */
  apply: (values: Float32Array, shape: BatchShape) => Float32Array;
}): ImageNormalization {
  checkKnownOptions('customNormalization', definition, { name: true, apply: true });
  const { name, apply } = definition;
  checkFunction('customNormalization', 'apply', apply ?? null);
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
      // Some backends make ordinary numbers of NaN, and the score would be one.
      checkFinite(
        where ?? name,
        `the pixels of imageNormalization '${name}'`,
        result,
        'return a finite number for every pixel in [0, 1], also where all are equal',
      );
      return result;
    },
  };
}

const LIBRARY_NAMES: readonly string[] = ['none', 'equalize', 'localContrast'];

/** Whether a normalisation of this name is the library's own, and so is made from name and options. */
export function isLibraryNormalization(name: string): boolean {
  return LIBRARY_NAMES.includes(name);
}
