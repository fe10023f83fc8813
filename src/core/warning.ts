import type { SaladWarning } from '../support/warning.js';

export type { SaladWarning };

/**
 * K was lowered to the rows that there are.
 *
 * @param rows the end of the clause, such as 'rows are kept'
 */
export function scoreNeighborsClamped(
  where: string,
  asked: number,
  inForce: number,
  rows: string,
): SaladWarning {
  return {
    code: 'SCORE_NEIGHBORS_CLAMPED',
    message: `${where}: scoreNeighbors is ${asked} but only ${inForce} ${rows}; ${inForce} is used.`,
  };
}

/** K is the number of all rows, so that Eq. 4 divides a sum by itself. */
export function scoreIsConstant(where: string): SaladWarning {
  return {
    code: 'SCORE_IS_CONSTANT',
    message: `${where}: scoreNeighbors covers all rows kept, so 'relative' is 1 for every sample; use fewer neighbours.`,
  };
}

/** So few normals cannot promise the false alarm rate 1 - quantile. */
export function fewValidationNormals(
  where: string,
  quantile: number,
  normalCount: number,
): SaladWarning {
  const enough = Math.ceil(quantile / (1 - quantile) - 1e-9);
  const more = quantile < 1 ? `${enough} normal images at least,` : 'more of them,';
  return {
    code: 'FEW_VALIDATION_NORMALS',
    message: `${where}: ${normalCount} normal images cannot promise a false alarm rate of ${percent(1 - quantile)}; their smallest is ${percent(1 / (normalCount + 1))}; use ${more} or a lower quantile.`,
  };
}

/** So few abnormal images cannot promise the sensitivity that is asked for. */
export function fewValidationAnomalies(
  where: string,
  sensitivity: number,
  anomalyCount: number,
): SaladWarning {
  const enough = Math.ceil(sensitivity / (1 - sensitivity) - 1e-9);
  const more = sensitivity < 1 ? `${enough} abnormal images at least,` : 'more of them,';
  return {
    code: 'FEW_VALIDATION_ANOMALIES',
    message: `${where}: ${anomalyCount} abnormal images cannot promise a sensitivity of ${percent(sensitivity)}; their largest is ${percent(anomalyCount / (anomalyCount + 1))}; use ${more} or a lower sensitivity.`,
  };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}

/** Validation images that cannot be read, told before a run; `left` says which of the others are abnormal. */
export function validationUnreadable(
  where: string,
  unreadable: readonly { readonly id: string; readonly code: string }[],
  left: readonly boolean[],
): SaladWarning {
  const [{ id, code }] = unreadable;
  const none = left.includes(false)
    ? ''
    : '; none of the others is normal, so that there will be no threshold';
  return {
    code: 'IMAGES_UNREADABLE',
    message: `${where}: ${unreadable.length} of ${unreadable.length + left.length} validation images cannot be read, and are left out, the first is '${id}' (${code})${none}.`,
  };
}

/** Some images have no score. */
export function imagesUnreadable(where: string, unreadable: number, images: number): SaladWarning {
  return {
    code: 'IMAGES_UNREADABLE',
    message: `${where}: ${unreadable} of ${images} images could not be read and have no score; see problems in the result.`,
  };
}

/** Images are not of the kind that the model learnt from. */
export function domainShift(where: string, beyond: number, images: number): SaladWarning {
  return {
    code: 'DOMAIN_SHIFT',
    message: `${where}: ${beyond} of ${images} images that are not labelled abnormal score beyond all validation normals; unless they are abnormal indeed, they are of another kind than the model learnt from: another view or body part, inverted, of another device or hospital, or made by another recipe; look at some beside nearest(), compare how both were made, and calibrate on normals of this kind before you trust abnormal.`,
  };
}

/**
 * Images whose pixels stay far from white.
 *
 * @param highest of their pixels, in [0, 1]
 */
export function lowRange(
  where: string,
  dark: number,
  images: number,
  highest: number,
): SaladWarning {
  const of16 = Math.round(highest * 65535);
  const bits = [8, 10, 12].find((bits) => of16 < 2 ** bits) ?? 14;
  return {
    code: 'LOW_RANGE',
    message: `${where}: the highest pixel of ${dark} of ${images} images lies below a quarter of the range, at ${(100 * highest).toPrecision(2)}% of white or less; values of fewer bits in 16-bit pixels look like that (${of16} of 65535): where they are, give their source the bits, bitsStored: ${bits} say (of scoreFiles, recipe: { bitsStored: ${bits} }); where the images are that dark, nothing is wrong.`,
  };
}
