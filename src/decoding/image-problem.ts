import { isSaladError, SaladError, type SaladErrorCode } from '../support/errors.js';

/** Codes of an image that cannot be had, however often one tries: the image's fault, not the program's. */
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

/** Whether an error says that an image cannot be had; others stop a run whatever its policy. */
export function isImageProblem(error: unknown): error is SaladError {
  return isSaladError(error) && CODES.includes(error.code);
}

/** The message of an error without its code at the end. */
export function messageOf({ code, message }: SaladError): string {
  return message.replace(` [${code}]`, '');
}
