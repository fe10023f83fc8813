import { SaladError, type SaladErrorCode } from '../support/errors.js';

/** An image that could not be read: what the whole library says of it, from decoder to report. */
export interface ImageProblem {
  /** In its source. */
  readonly index: number;
  /** Its name in the source. */
  readonly id: string;
  /** A code of `SaladError`, such as 'IMAGE_TRUNCATED'. */
  readonly code: string;
  /** What was found and what to do; it names no patient. */
  readonly message: string;
}

/** '1 image', '2 images'. */
export function imagesText(count: number): string {
  return `${count} ${count === 1 ? 'image' : 'images'}`;
}

/** A problem as the error of a call that cannot go on without the image. */
export function problemError(where: string, problem: ImageProblem, cause?: unknown): SaladError {
  const { id, code, message } = problem;
  const details = cause instanceof SaladError ? cause.details : {};
  return new SaladError(
    code as SaladErrorCode,
    `${where}: '${id}': ${message}`,
    { ...details, ...problem },
    { cause },
  );
}

/** @throws IMAGE_UNREADABLE where a result has no place for an image that is missing. */
export function checkAllRead(where: string, problems: readonly ImageProblem[]): void {
  if (problems.length === 0) return;
  const [{ id, code, message }] = problems;
  throw new SaladError(
    'IMAGE_UNREADABLE',
    `${where}: ${imagesText(problems.length)} could not be read, the first is '${id}' (${code}: ${message}); expected every image; leave those out, see checkImages.`,
    { problems },
  );
}
