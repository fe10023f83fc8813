import { normalsOf } from '../data/normals.js';
import type { ImageSource } from '../images/image-source.js';
import { check } from '../support/check.js';
import type { SaladWarning } from '../support/warning.js';

/** [length], whether each image is a known anomaly; without labels none is. */
export function labelsOf({ labels, length }: ImageSource): boolean[] {
  return Array.from({ length }, (_, i) => Boolean(labels?.[i]));
}

/** Whether there are both normal images and anomalies. */
export function hasBothClasses(source: ImageSource): boolean {
  const labels = labelsOf(source);
  return labels.includes(true) && labels.includes(false);
}

/** The normal images of a source, where there are any. */
export function onlyNormals(source: ImageSource): ImageSource | undefined {
  return labelsOf(source).includes(false) ? normalsOf(source, { allNormal: true }) : undefined;
}

/**
 * A fit takes images without labels for normal, unless their source has reason to doubt that.
 *
 * @throws NO_LABELS where folders look like classes and gave no labels
 */
export function checkLabelsUsed(where: string, source: ImageSource): void {
  const unused = unusedClasses(source);
  check(
    unused === undefined,
    'NO_LABELS',
    () =>
      `${where}: the training images have no labels, and some may be abnormal; expected labels, or images that are known to be normal; pass normalsOf(source, { allNormal: true }) where all are. ${unused}`,
    { images: source.length },
  );
}

/** What an unlabelled source says of folders that look like classes. */
function unusedClasses({ labels, warnings }: ImageSource): string | undefined {
  if (labels !== undefined) return undefined;
  return warnings?.find(({ code }) => code === 'CLASS_FOLDERS_UNUSED')?.message;
}

/** @throws LABELS_MISMATCH where an image is labelled as an anomaly, or may be one of a class whose folder was not used. */
export function checkAllNormal(where: string, source: ImageSource): void {
  const unused = unusedClasses(source);
  check(
    unused === undefined,
    'LABELS_MISMATCH',
    () =>
      `${where}: the images have no labels, and some may be abnormal; expected normal ones only. ${unused}`,
  );
  check(
    !labelsOf(source).includes(true),
    'LABELS_MISMATCH',
    () =>
      `${where}: some images are labelled as anomalies; expected normal ones only; pass normalsOf(images).`,
  );
}

/** @throws LABELS_MISMATCH where the images are not labelled, or those of one class are missing. */
export function checkBothClasses(where: string, source: ImageSource): void {
  check(
    hasBothClasses(source),
    'LABELS_MISMATCH',
    () =>
      `${where}: ${source.labels ? 'all images are labelled as one class' : 'the images have no labels'}; expected normal images (0) and abnormal ones (1).`,
  );
}

/** @throws NO_ROWS_KEPT where every image is labelled as an anomaly. */
export function checkSomeNormal(where: string, source: ImageSource): void {
  check(
    labelsOf(source).includes(false),
    'NO_ROWS_KEPT',
    () =>
      `${where}: every training image is labelled as an anomaly, so no row would be left to score with; expected mostly normal images.`,
  );
}

/**
 * What is doubtful about the labels that a fit goes by: what sources say of theirs, and known anomalies in training.
 *
 * @param harm what becomes of known anomalies; without it they are what the fit asks for
 */
export function labelWarnings(
  where: string,
  sources: { readonly train: ImageSource; readonly validation?: ImageSource },
  harm?: string,
): SaladWarning[] {
  const { train, validation } = sources;
  // Two parts of one folder say the same.
  const own = new Map(
    [...(train.warnings ?? []), ...(validation?.warnings ?? [])].map(({ code, message }) => [
      message,
      { code, message: `${where}: ${message}` },
    ]),
  );
  const count = labelsOf(train).filter(Boolean).length;
  if (count === 0 || harm === undefined) return [...own.values()];
  const message = `${where}: ${count} of ${train.length} training images are labelled abnormal; ${harm}; pass normalsOf(source) to learn from normal images alone.`;
  return [...own.values(), { code: 'TRAINS_ON_ABNORMAL', message }];
}
