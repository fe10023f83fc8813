/** Something that the caller of a function should know and that is no error. */
export interface SaladWarning {
  /** Stable, like the code of a `SaladError`. */
  // Each comment is the entry of docs/errors.md, as those of error-codes.ts are.
  readonly code: /** More nearest rows were asked for than there are. Remedy: none is needed; a lower `scoreNeighbors`, or more training images, silences it. */
    | 'SCORE_NEIGHBORS_CLAMPED'
    /** The nearest rows are all rows, so that Eq. 4 is 1 for every image. Remedy: lower `scoreNeighbors`. */
    | 'SCORE_IS_CONSTANT'
    /** So few abnormal images cannot promise the sensitivity that is asked for. Remedy: more of them, or a lower sensitivity. */
    | 'FEW_VALIDATION_ANOMALIES'
    /** So few normal images cannot promise the false alarm rate that is asked for: n of them promise 1 / (n + 1) at best. Remedy: more of them, or a lower `quantile`. */
    | 'FEW_VALIDATION_NORMALS'
    /** Images are of a group whose normals nobody gave. Remedy: calibrate with normals of each group. */
    | 'GROUP_WITHOUT_NORMALS'
    /** The model was saved without the scores of its validation normals. Remedy: calibrate it again. */
    | 'NO_P_VALUES'
    /** Some images have no score, or are left out. Remedy: see `problems` of the result, and `checkImages`. */
    | 'IMAGES_UNREADABLE'
    /** The scores hardly differ. Remedy: a lower learning rate or fewer epochs; do not trust the ranking. */
    | 'SCORES_COLLAPSED'
    /** The seed of a run does not reach a backbone that was made beforehand. Remedy: give the backbone as options, or as a function of the seed. */
    | 'BACKBONE_KEEPS_ITS_SEED'
    /** Many images that nobody labelled abnormal score beyond all validation normals. Remedy: look whether view, body part, device or preparation differ; give normals from there ([another hospital](another-hospital.md)). */
    | 'DOMAIN_SHIFT'
    /** The pixels use only the lowest part of their range. Remedy: give `bitsStored`, such as 12 where white is 4095. */
    | 'LOW_RANGE'
    /** Folders look like classes, and no label was taken from them. Remedy: give `labels`, as the message shows. */
    | 'CLASS_FOLDERS_UNUSED'
    /** The folder holds several sets, such as train and test. Remedy: name one of them, unless all are meant. */
    | 'SEVERAL_SETS'
    /** Some pictures look like masks of others. Remedy: leave them out, or name their folder. */
    | 'MASKS_AMONG_IMAGES'
    /** Images whose folder says that they are abnormal are learnt from as normal. Remedy: give labels, or leave them out. */
    | 'TRAINS_ON_ABNORMAL'
    /** A DICOM file has a display value that cannot be used. Remedy: look at the picture, or set `window` yourself. */
    | 'DISPLAY_VALUE_PASSED_OVER'
    /** An archive listed instances of another modality than the query names. Remedy: none is needed, since they are left out; tell who runs it that its service does not heed the query. */
    | 'OTHER_MODALITY'
    /** The threshold finds hardly more than chance. Remedy: look at the AUC and the highest normals; try `trimBeyond`, or another score. */
    | 'THRESHOLD_OF_NO_USE'
    /** There was no room for all cells of the training images, so that some were drawn. Remedy: none is needed; a coarser grid or fewer images keep all. */
    | 'CELLS_DRAWN'
    /** The index of a store misses many of the nearest rows, so that scores are too high. Remedy: widen its search, build it with more connections, or use `search: 'exact'`. */
    | 'STORE_RECALL_LOW';
  /** The call, what was found, and what to do about it. */
  readonly message: string;
}

/** A warning of a call within `where` as one that names `where` in its place. */
export function warningOf(where: string, { code, message }: SaladWarning): SaladWarning {
  return { code, message: `${where}: ${message.replace(/^[A-Za-z][\w.]*: /, '')}` };
}
