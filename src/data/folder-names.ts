import {
  ABNORMAL,
  FILLERS,
  FINDINGS,
  GROUPS,
  LIKE_NORMAL,
  MASKS,
  MAYBE_NORMAL,
  NO_CLASSES,
  NO_FINDINGS,
  NORMAL_NAMES,
  PARTS,
  type Part,
} from './class-words.js';

/** What the name of a folder says of the images in it. */
export interface FolderName {
  /** What is left of it in lower case, without the part of a split, numbers and words such as 'images': 'no finding'. */
  readonly words: string;
  /** By the words; absent where they are of no known class. */
  readonly label?: 0 | 1;
  /** The part of a split that it names; absent where it names none. */
  readonly part?: Part;
}

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
  const parts = new Set(tokens.flatMap((token) => PARTS.get(token) ?? []));
  const words = tokens.filter((token) => !PARTS.has(token) && !FILLERS.has(token)).join(' ');
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
    !NO_FINDINGS.has(words) &&
    !each.some(
      (word) =>
        NO_CLASSES.has(word) ||
        GROUPS.has(word) ||
        MAYBE_NORMAL.has(word) ||
        LIKE_NORMAL.test(word) ||
        labelOf(word) === 0,
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

const PATIENT =
  'patient|pat|pt|subject|subj|sub|case|study|series|scan|images?|imgs?|films?|views?|id';

/**
 * Names of one of many patients, studies or archives: 'patient 17', 'patient B', '0042'; 'SE000012' and 'LIDC-IDRI-0001' by
 * their zeros; '3f9c2e' by its digits of 16.
 */
const NUMBERED = [
  new RegExp(`^(${PATIENT}|\\p{L}?)[\\s_-]*\\d+$`, 'iu'),
  new RegExp(`^(${PATIENT})[\\s_-]+\\p{L}$`, 'iu'),
  /^[\p{L}\d\s_-]*(0\d{2,}|\d{5,})$/iu,
  /^(?=.*\d)[\da-f]{6,}$/i,
];

/** Whether a folder of this name is one of many patients, studies or archives. */
export function isNumbered(name: string): boolean {
  return NUMBERED.some((form) => form.test(name));
}

/** Whether it is one of groups that are numbered: 'batch 2', 'week1'. */
export function isNumberedGroup(name: string): boolean {
  return /\d/.test(name) && GROUPS.has(folderName(name).words);
}

/** Whether the name says nothing of its images: it is structure, or of a use that is no class. */
export function isStructure(name: string): boolean {
  const { words } = folderName(name);
  return words === '' || NO_CLASSES.has(words) || MASKS.test(words);
}
