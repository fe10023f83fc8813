import type { SaladWarning } from '../support/warning.js';

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

/** So few normals of a group cannot give a p-value of 1 - quantile. */
export function fewNormalsOfGroup(
  where: string,
  group: string,
  quantile: number,
  normalCount: number,
): SaladWarning {
  return {
    code: 'FEW_VALIDATION_NORMALS',
    message: `${where}: the group '${group}' has ${normalCount} normal images, so that no p-value of it is below ${percent(1 / (normalCount + 1))}, and none reaches ${percent(1 - quantile)}; use more of them, or fewer groups.`,
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

/** Some images have no score. */
export function imagesUnreadable(where: string, unreadable: number, images: number): SaladWarning {
  return {
    code: 'IMAGES_UNREADABLE',
    message: `${where}: ${unreadable} of ${images} images could not be read and have no score; see problems in the result.`,
  };
}
