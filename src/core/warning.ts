/** Something that the caller of a function should know and that is no error. */
export interface SaladWarning {
  /** Stable, like the code of a `SaladError`. */
  readonly code:
    | 'SCORE_NEIGHBORS_CLAMPED'
    | 'SCORE_IS_CONSTANT'
    | 'FEW_VALIDATION_NORMALS'
    | 'IMAGES_UNREADABLE'
    | 'SCORES_COLLAPSED'
    | 'BACKBONE_KEEPS_ITS_SEED';
  /** The call, what was found, and what to do about it. */
  readonly message: string;
}

/**
 * K was lowered to the rows that there are.
 *
 * @param rows what they are, in the plural: 'rows are kept', say
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

/** The threshold lies between the two highest scores of normals. */
export function fewValidationNormals(
  where: string,
  quantile: number,
  normalCount: number,
): SaladWarning {
  return {
    code: 'FEW_VALIDATION_NORMALS',
    message: `${where}: a quantile of ${quantile} over ${normalCount} normal images lies between the two highest scores; use more normal images or a lower quantile.`,
  };
}

/** Some images have no score. */
export function imagesUnreadable(where: string, unreadable: number, images: number): SaladWarning {
  return {
    code: 'IMAGES_UNREADABLE',
    message: `${where}: ${unreadable} of ${images} images could not be read and have no score; see unreadable in the result.`,
  };
}
