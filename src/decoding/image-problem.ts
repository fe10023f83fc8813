import type { ImageProblem } from '../images/problems.js';
import { isSaladError, SaladError, type SaladErrorCode } from '../support/errors.js';

/** Codes of an image that cannot be read however often one tries: the fault is in the image, not in the program. */
export type ImageProblemCode = Extract<
  SaladErrorCode,
  'IMAGE_INVALID' | 'IMAGE_TOO_LARGE' | 'IMAGE_TRUNCATED' | 'IMAGE_UNREADABLE' | 'IMAGE_UNSUPPORTED'
>;

/**
 * @param where the call that the user made; without it the message is what a source says of an image that it names
 * @param remedy what to do about it, from 'expected' on
 */
export function imageProblem(
  code: ImageProblemCode,
  where: string | undefined,
  found: string,
  remedy: string,
  details: Readonly<Record<string, unknown>> = {},
  cause?: unknown,
): SaladError {
  return new SaladError(code, `${where ? `${where}: ` : ''}${found}; ${remedy}.`, details, {
    cause,
  });
}

const CODES: readonly string[] = [
  'IMAGE_INVALID',
  'IMAGE_TOO_LARGE',
  'IMAGE_TRUNCATED',
  'IMAGE_UNREADABLE',
  'IMAGE_UNSUPPORTED',
] satisfies readonly ImageProblemCode[];

/**
 * What an error says of the image at `index`, without its code at the end.
 *
 * @throws the error itself where it is not the image's: such stop a run whatever its policy
 */
export function problemOf(error: unknown, index: number, id: string): ImageProblem {
  if (!isSaladError(error) || !CODES.includes(error.code)) throw error;
  const { code, details } = error;
  // A source that fails by `problemError` has told the bare reason beside.
  const { message = error.message.replace(` [${code}]`, '') } = details as { message?: string };
  return { index, id, code, message };
}
