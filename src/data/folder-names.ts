/** What the name of a folder says of the images in it. */
export interface FolderName {
  /** What is left of it in lower case, without the part of a split, numbers and words such as 'images': 'no finding'. */
  readonly words: string;
  /** By the words; absent where they are of no known class. */
  readonly label?: 0 | 1;
  /** The part of a split that it names; absent where it names none. */
  readonly part?: Part;
}

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
const ABNORMAL = new Set([
  ...['abnormal', 'abnormals', 'abnormality', 'abnormalities', 'not normal', 'non normal'],
  ...['anomaly', 'anomalies', 'anomalous', 'positive', 'positives', 'bad', 'not good', 'ng'],
  ...['broken', 'defect', 'defects', 'defective', 'faulty'],
  ...['disease', 'diseased', 'pathology', 'pathological', 'sick', 'unhealthy'],
]);

/** Diseases and findings: the 14 of NIH ChestX-ray14, and those that are sets of their own. */
const DISEASES = [
  ...['atelectasis', 'cardiomegaly', 'consolidation', 'edema', 'effusion', 'emphysema', 'fibrosis'],
  ...[
    'hernia',
    'infiltration',
    'mass',
    'nodule',
    'pleural thickening',
    'pneumonia',
    'pneumothorax',
  ],
  ...['covid', 'tuberculosis', 'opacity', 'pleural effusion', 'fracture', 'fractured'],
  ...['bacterial pneumonia', 'viral pneumonia', 'pneumonia bacterial', 'pneumonia viral'],
  'covid pneumonia',
];

const FINDINGS = new Set(DISEASES.flatMap((name) => [name, `${name} positive`]));

/** The name that each spelling of it is of. */
const NORMAL_NAMES = new Map([
  ...Object.entries(NORMAL).flatMap(([name, spelt]) => spelt.map((one) => [one, name] as const)),
  ...DISEASES.map((name) => [`${name} negative`, 'negative'] as const),
]);

/** Words that change nothing about a class. */
const FILLERS = new Set([
  ...['image', 'images', 'img', 'imgs', 'film', 'films', 'case', 'cases', 'patients'],
  ...['xray', 'xrays', 'x', 'ray', 'rays', 'cxr', 'radiograph', 'radiographs', 'scan', 'scans'],
  ...['chest', 'lung', 'lungs', 'set', 'data', 'dataset', 'only', 'png', 'jpg', 'jpeg', 'dicom'],
  ...['dcm', 'study', 'studies', 'series', 'subjects', 'folder', 'split'],
]);

const PARTS: Readonly<Record<string, Part>> = {
  train: 'train',
  training: 'train',
  val: 'validation',
  valid: 'validation',
  validation: 'validation',
  test: 'test',
  testing: 'test',
};

/** Of other use than as a class. */
const NO_CLASSES = new Set([
  ...['other', 'others', 'unknown', 'uncertain', 'unsure', 'doubtful', 'suspicious', 'suspected'],
  ...['unlabelled', 'unlabeled', 'misc', 'new', 'old', 'raw', 'processed', 'original', 'originals'],
  ...['backup', 'tmp', 'temp', 'output', 'results', 'duplicates', 'rejected', 'excluded', 'trash'],
  ...['ap', 'pa', 'frontal', 'lateral', 'left', 'right', 'view', 'views', 'high', 'low'],
]);

/** Words for what may be normal: images of another place, of healthy people or of people with another disease. */
const MAYBE_NORMAL = new Set([
  ...[
    'control',
    'controls',
    'reference',
    'references',
    'baseline',
    'standard',
    'typical',
    'regular',
  ],
  ...['clean', 'clear', 'fine', 'intact', 'asymptomatic', 'volunteer', 'volunteers', 'norm'],
]);

/** How sets are divided; a name with one of these words is no class. */
const GROUPS = new Set([
  ...[
    'all',
    'both',
    'mixed',
    'combined',
    'total',
    'extra',
    'rest',
    'part',
    'fold',
    'folds',
    'batch',
  ],
  ...['sample', 'samples', 'example', 'examples', 'demo', 'group', 'cohort', 'archive', 'volume'],
  ...['site', 'hospital', 'center', 'centre', 'clinic', 'scanner', 'device', 'machine', 'vendor'],
]);

const MASKS =
  /^((ground truth|annotation|annotations|label|labels|segmentation|segmentations|gt|mask|masks)( (mask|masks))?)$/;

/** What the name of a folder says, letter case apart. */
export function folderName(name: string): FolderName {
  const plain = wordsOf(name);
  // 'NoFinding' is two words, and 'NoRmAl' one.
  return plain.label === undefined && !plain.part
    ? wordsOf(name.replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2'))
    : plain;
}

function wordsOf(name: string): FolderName {
  const tokens: string[] = name.toLowerCase().match(/\p{L}+/gu) ?? [];
  const parts = new Set(tokens.flatMap((token) => (token in PARTS ? [PARTS[token]] : [])));
  const words = tokens.filter((token) => !(token in PARTS) && !FILLERS.has(token)).join(' ');
  const label = labelOf(words);
  // 'test positive' is a patient whose test was positive.
  const ofTest = parts.has('test') && /(posi|nega)tives?$/.test(words);
  const [part] = parts.size === 1 && !ofTest ? parts : [];
  return { words, ...(label !== undefined && { label }), ...(part && { part }) };
}

function labelOf(words: string): 0 | 1 | undefined {
  if (NORMAL_NAMES.has(words)) return 0;
  const one = words.replace(/s$/, '');
  return ABNORMAL.has(words) || FINDINGS.has(words) || FINDINGS.has(one) ? 1 : undefined;
}

/** Which of the names for normal images these words are. */
export function normalName(words: string): string | undefined {
  return NORMAL_NAMES.get(words);
}

/** Whether these words call the images abnormal and say no more. */
export function saysAbnormal(words: string): boolean {
  return ABNORMAL.has(words);
}

/** Whether a folder of these words beside normal images may be of abnormal ones: nothing in them is of another use, or says normal. */
export function mayBeClass(words: string): boolean {
  const each = words.split(' ');
  return (
    words.length > 1 &&
    !MASKS.test(words) &&
    !each.some(
      (word) =>
        NO_CLASSES.has(word) || GROUPS.has(word) || MAYBE_NORMAL.has(word) || labelOf(word) === 0,
    ) &&
    !each.some(isNegation)
  );
}

/** 'non', 'noncovid', 'uninfected', 'notumor': whether such images are normal is anybody's guess. */
function isNegation(word: string): boolean {
  return (
    /^(no|not|without|free|non.*|un.*)$/.test(word) ||
    (/^no/.test(word) && labelOf(word.slice(2)) === 1)
  );
}

/** Whether a word of a name is that of a class, so that the name may mean one: 'normal saline', 'normal_01'. */
export function namesClass(name: string): boolean {
  const { words, label } = folderName(name);
  const isClass = (word: string) => labelOf(word) !== undefined || MAYBE_NORMAL.has(word);
  return label !== undefined || words.split(' ').some(isClass);
}

/** Whether a folder of this name holds masks or other marks in place of films. */
export function holdsMasks(name: string): boolean {
  return MASKS.test(folderName(name).words);
}

/** Whether a folder of this name is one of many patients, studies or archives, as 'patient 17' and '0042' are. */
export function isNumbered(name: string): boolean {
  return /^(patient|pat|pt|subject|subj|sub|case|study|series|scan|images?|imgs?|films?|views?|id|\p{L}?)[\s_-]*\d+$/iu.test(
    name,
  );
}

/** Whether the name says nothing of its images: it is structure, or of a use that is no class. */
export function isStructure(name: string): boolean {
  const { words } = folderName(name);
  return words === '' || NO_CLASSES.has(words) || MASKS.test(words);
}
