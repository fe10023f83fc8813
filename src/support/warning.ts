/** Something that the caller of a function should know and that is no error. */
export interface SaladWarning {
  /** Stable, like the code of a `SaladError`. */
  readonly code:
    | 'SCORE_NEIGHBORS_CLAMPED'
    | 'SCORE_IS_CONSTANT'
    | 'FEW_VALIDATION_ANOMALIES'
    | 'FEW_VALIDATION_NORMALS'
    | 'GROUP_WITHOUT_NORMALS'
    | 'NO_P_VALUES'
    | 'IMAGES_UNREADABLE'
    | 'SCORES_COLLAPSED'
    | 'BACKBONE_KEEPS_ITS_SEED'
    | 'DOMAIN_SHIFT'
    | 'LOW_RANGE'
    | 'CLASS_FOLDERS_UNUSED'
    | 'SEVERAL_SETS'
    | 'MASKS_AMONG_IMAGES'
    | 'TRAINS_ON_ABNORMAL'
    | 'DISPLAY_VALUE_PASSED_OVER'
    | 'THRESHOLD_OF_NO_USE'
    | 'CELLS_DRAWN';
  /** The call, what was found, and what to do about it. */
  readonly message: string;
}

/** A warning of a call within `where` as one that names `where` in its place. */
export function warningOf(where: string, { code, message }: SaladWarning): SaladWarning {
  return { code, message: `${where}: ${message.replace(/^[A-Za-z][\w.]*: /, '')}` };
}
