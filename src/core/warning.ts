/** Something a caller should know that is no error. */
export interface SaladWarning {
  readonly code:
    | 'SCORE_NEIGHBORS_CLAMPED'
    | 'SCORE_IS_CONSTANT'
    | 'FEW_VALIDATION_NORMALS'
    | 'IMAGES_UNREADABLE'
    | 'SCORES_COLLAPSED'
    | 'BACKBONE_KEEPS_ITS_SEED';
  readonly message: string;
}
