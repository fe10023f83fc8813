import { check, checkKnownOptions, checkObject } from '../support/check.js';
import { SaladError } from '../support/errors.js';
import { equalize } from './equalize.js';
import { type ImageNormalization, none } from './image-normalization.js';
import { localContrast } from './local-contrast.js';

/**
 * Rebuilds the normalisation that was saved with a model.
 *
 * @param saved `{ name, options }`
 * @param custom the `customNormalization` the model was trained with; required for, and only for, one
 * @param where the call that errors name; default 'normalizationFromJSON'
 * @throws INVALID_OPTION, UNKNOWN_OPTION
 */
export function normalizationFromJSON(
  saved: { readonly name: string; readonly options?: Readonly<Record<string, unknown>> },
  custom?: ImageNormalization,
  where = 'normalizationFromJSON',
): ImageNormalization {
  checkObject(where, 'imageNormalization', saved, '{ name, options }');
  if (custom !== undefined) checkObject(where, 'custom', custom, 'a customNormalization');
  const { name, options = {} } = saved;
  check(
    custom === undefined || custom.name === name,
    'INVALID_OPTION',
    () =>
      `${where}: the model was trained with the image normalisation '${name}' but '${custom?.name}' was given; expected the one it was trained with (one of the library's own need not be given).`,
  );
  if (custom) return custom;
  switch (name) {
    case 'none':
      checkKnownOptions(`${where}: ${name}`, options, {});
      return none();
    case 'equalize':
      checkKnownOptions(`${where}: ${name}`, options, {});
      return equalize();
    case 'localContrast':
      return localContrast(options);
    default:
      throw new SaladError(
        'INVALID_OPTION',
        `${where}: '${name}' is not an image normalisation of the library; expected the customNormalization the model was trained with; hand it in again.`,
        { name },
      );
  }
}
