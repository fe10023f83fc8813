import { check, checkList, checkNumber } from '../support/check.js';

/** What may be lost of p m / k = rate to rounding. */
const ROUNDING = 1e-12;

/**
 * Selects images of a batch such that of those selected at most a share `rate` is expected to be normal: Benjamini and Hochberg's step up.
 *
 * With p_(1) <= ... <= p_(m) the images of p_(1) to p_(k) are selected, k being the largest with p_(k) <= rate k / m. The adjusted value of
 * p_(i) is the least of p_(j) m / j over j >= i, at most 1: the lowest rate at which its image is selected. Nothing can be selected
 * unless k images have p-values of at most rate k / m, which never fall below 1 / (n + 1).
 *
 * @param pValues [m], in [0, 1]: of all images of the batch, beside one set of validation normals that are exchangeable with the
 * normal ones of the batch, or of groups with normals of their own.
 * @param rate the false discovery rate, in (0, 1): an expectation over batches and validation sets.
 * @returns `selected` [m]; `adjusted` [m], in [0, 1]; and what this rests on, as a sentence.
 * @throws INVALID_OPTION
 * @see Benjamini, Hochberg, Journal of the Royal Statistical Society B 1995; Bates et al., Testing for outliers with conformal p-values,
 * Annals of Statistics 2023, theorem 2: p-values beside the same normals depend positively (PRDS), so that the rate holds.
 * @example
 * const { pValues } = await model.score(films);
 * const { selected } = conformal.benjaminiHochberg(pValues, 0.1); // one in ten of these is expected to be normal
 */
export function benjaminiHochberg(
  pValues: ArrayLike<number>,
  rate: number,
): {
  /** [m], whether the image is selected. */
  readonly selected: boolean[];
  /** [m], the lowest rate at which it is, in [0, 1]. */
  readonly adjusted: Float64Array;
  /** What the rate rests on. */
  readonly restsOn: string;
} {
  const where = 'conformal.benjaminiHochberg';
  checkList(where, 'pValues', pValues);
  checkNumber(where, 'rate', rate, { above: 0, max: 1 - Number.EPSILON });
  const values = Float64Array.from(pValues);
  const odd = values.findIndex((value) => !(value >= 0 && value <= 1));
  check(
    odd === -1,
    'INVALID_OPTION',
    () => `${where}: pValues[${odd}] is ${pValues[odd]}; expected numbers from 0 to 1.`,
  );
  const order = Array.from(values.keys()).sort((a, b) => values[a] - values[b]);
  const adjusted = new Float64Array(values.length);
  let least = 1;
  for (let rank = order.length; rank >= 1; rank--) {
    const image = order[rank - 1];
    least = Math.min(least, (values[image] * order.length) / rank);
    adjusted[image] = least;
  }
  return {
    selected: Array.from(adjusted, (value) => value <= rate * (1 + ROUNDING)),
    adjusted,
    restsOn:
      'holds in expectation over batches where their normal images are exchangeable with the validation normals that the p-values were counted among (same devices, patients and preparation, taken as they come), and for no others',
  };
}
