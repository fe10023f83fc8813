import { imageProblem } from '../decoding/image-problem.js';
import { checkNumber } from '../support/check.js';

/** What is read of the elements of a file at most; pixels have a limit of their own. */
export interface ElementLimits {
  /** Elements, items of sequences and fragments of pixels, counted together. */
  readonly maxElements: number;
  /** How deep sequences lie within sequences. */
  readonly maxDepth: number;
}

/** Each level takes room on the stack. */
const DEEPEST = 1000;

/** The limits among the options of `where`. @throws INVALID_OPTION */
export function elementLimits(
  where: string,
  { maxElements = 2 ** 20, maxDepth = 64 }: Partial<ElementLimits>,
): ElementLimits {
  checkNumber(where, 'maxElements', maxElements, { min: 1, integer: true });
  checkNumber(where, 'maxDepth', maxDepth, { min: 1, max: DEEPEST, integer: true });
  return { maxElements, maxDepth };
}

/** What stops a file that was made to exhaust memory. */
export const tooMany = (found: string, option: keyof ElementLimits, limits: ElementLimits) =>
  imageProblem(
    'IMAGE_TOO_LARGE',
    'dicom',
    found,
    `expected at most ${limits[option]}; raise ${option} where you trust the file`,
    { ...limits },
  );
