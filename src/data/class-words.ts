/** The parts of a split that folders name. */
export type Part = 'train' | 'validation' | 'test';

/**
 * Names of folders of normal images. Those of one list are spellings of one name; two names side by side, 'good' and 'normal'
 * say, are grades that nobody here can tell apart.
 */
const NORMAL: Readonly<Record<string, readonly string[]>> = {
  normal: ['normal', 'normals'],
  good: ['good', 'ok'],
  healthy: ['healthy', 'healthy control', 'healthy controls'],
  'no finding': ['no finding', 'no findings', 'nofinding', 'nofindings'],
  negative: ['negative', 'negatives'],
};

/** Names that say no more than that something is abnormal: beside them a further folder is no class. */
export const ABNORMAL: ReadonlySet<string> = new Set([
  ...listed('abnormal abnormals abnormality abnormalities anomaly anomalies anomalous bad ng'),
  ...listed('positive positives broken defect defects defective faulty'),
  ...listed('disease diseased pathology pathological sick unhealthy'),
  ...['not normal', 'non normal', 'not good'],
]);

/** The 14 findings of NIH ChestX-ray14, and what sets are called by. */
const DISEASES = [
  ...listed('atelectasis cardiomegaly consolidation edema effusion emphysema fibrosis hernia'),
  ...listed('infiltration mass nodule pneumonia pneumothorax covid tuberculosis opacity'),
  ...listed('fracture fractured'),
  ...['pleural thickening', 'pleural effusion', 'covid pneumonia'],
  ...['bacterial pneumonia', 'viral pneumonia', 'pneumonia bacterial', 'pneumonia viral'],
];

/** Names of one disease or finding. */
export const FINDINGS: ReadonlySet<string> = new Set(
  DISEASES.flatMap((name) => [name, `${name} positive`]),
);

/** The name for normal images that each spelling is of. */
export const NORMAL_NAMES: ReadonlyMap<string, string> = new Map([
  ...Object.entries(NORMAL).flatMap(([name, spelt]) => spelt.map((one) => [one, name] as const)),
  ...DISEASES.map((name) => [`${name} negative`, 'negative'] as const),
]);

export const PARTS: ReadonlyMap<string, Part> = new Map([
  ['train', 'train'],
  ['training', 'train'],
  ['val', 'validation'],
  ['valid', 'validation'],
  ['validation', 'validation'],
  ['test', 'test'],
  ['testing', 'test'],
]);

/** Words that change nothing about a class. */
export const FILLERS: ReadonlySet<string> = new Set([
  ...listed('image images img imgs film films case cases patients subjects study studies series'),
  ...listed('xray xrays x ray rays cxr radiograph radiographs scan scans chest lung lungs'),
  ...listed('set data dataset folder split only png jpg jpeg dicom dcm'),
]);

/** Names of another use than as a class. */
export const NO_CLASSES: ReadonlySet<string> = new Set([
  ...listed(
    'other others unknown uncertain unsure doubtful suspicious suspected unlabelled unlabeled',
  ),
  ...listed('borderline indeterminate equivocal inconclusive ambiguous questionable'),
  ...listed('possible probable maybe pending todo review'),
  ...listed('misc new old raw processed original originals backup tmp temp output results'),
  ...listed('duplicates rejected excluded trash'),
  ...listed('ap pa frontal lateral left right view views high low'),
]);

/** Words that may mean normal images, or images of another disease. */
export const MAYBE_NORMAL: ReadonlySet<string> = new Set([
  ...listed('control controls reference references baseline standard typical regular norm'),
  ...listed('clean clear fine intact asymptomatic volunteer volunteers neg negs'),
]);

/** Beginnings of words for normal images, misspelt, in other languages or with more to them: 'normalized', 'normale', 'healty'. */
export const LIKE_NORMAL = /^(normal|healt|negativ)/;

/** How sets are divided; a name with one of these words is no class. */
export const GROUPS: ReadonlySet<string> = new Set([
  ...listed('all both mixed combined total extra rest part fold folds batch sample samples'),
  ...listed('example examples demo group cohort archive volume'),
  ...listed('site hospital center centre clinic scanner device machine vendor'),
  ...listed('day week month year visit exam session reader round'),
]);

/** Whole names of folders beside classes that say how images were made, of whom, or what they are for; not what they show. */
export const NO_FINDINGS: ReadonlySet<string> = new Set([
  ...listed('augmented aug augmentation augmentations synthetic generated fake real inverted'),
  ...listed('flipped rotated resized cropped crop crops small large full subset subsets corrected'),
  ...listed('cleaned sorted thumb thumbs thumbnail preview previews prediction predictions'),
  ...listed('heatmap heatmaps figure figures metadata phantom phantoms calibration quality poor'),
  ...listed('noise noisy blurred blurry artifact artifacts portable upright supine'),
  ...listed(
    'dev eval evaluation holdout query gallery support inference model models source target',
  ),
  ...listed('export exports download downloads upload uploads inbox incoming quarantine checked'),
  ...listed(
    'verified confirmed annotated labelled labeled public private hidden desktop docs notes',
  ),
  ...listed(
    'anonymous anonymised anonymized deidentified dicoms bmp tif tiff webp first second third',
  ),
  ...listed('adult adults child children pediatric paediatric male female men women'),
  ...listed('inpatient inpatients outpatient outpatients icu emergency'),
  ...['bad quality', 'poor quality', 'low quality', 'hold out'],
]);

/** Kinds of defects of industrial sets beside 'good', whose names are groups elsewhere. */
export const DEFECTS: ReadonlySet<string> = new Set(['combined', 'fold']);

/** Names of folders of masks or other marks. */
export const MASKS = /^(ground truth|gt|annotations?|labels?|segmentations?|masks?)( masks?)?$/;

function listed(words: string): string[] {
  return words.split(' ');
}
