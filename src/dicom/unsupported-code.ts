import { imageProblem } from '../decoding/image-problem.js';
import type { SaladError } from '../support/errors.js';
import { CONVERT } from './transfer-syntax.js';

/** Coded pixels that may be sound, and that no codec here decodes to the right values. */
export const unsupportedCode = (found: string, expected: string): SaladError =>
  imageProblem(
    'IMAGE_UNSUPPORTED',
    'dicom',
    `the coded pixels ${found}`,
    `expected ${expected}; ${CONVERT}`,
  );
