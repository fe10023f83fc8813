import type { SaladErrorCode } from './error-codes.js';

export type { SaladErrorCode };

/**
 * An error with a stable `code`, and the values that caused it in `details`.
 *
 * @example
 * try {
 *   await model.fit(train);
 * } catch (error) {
 *   if (isSaladError(error, 'TRAINING_DIVERGED')) console.log(error.message, error.details);
 *   else throw error;
 * }
 */
export class SaladError extends Error {
  /** What went wrong, as a word that later versions keep. */
  readonly code: SaladErrorCode;
  /** The values that caused it, by name; {} where the message says all. */
  readonly details: Readonly<Record<string, unknown>>;

  /**
   * @param code what went wrong.
   * @param message the call, what was found, what was expected, and how to fix it; the code is added at its end.
   * @param details the values that caused it.
   */
  constructor(
    code: SaladErrorCode,
    message: string,
    details: Readonly<Record<string, unknown>> = {},
    options?: {
      /** The error behind it; absent where there is none. */
      cause?: unknown;
    },
  ) {
    super(`${message} [${code}]`, options);
    this.name = 'SaladError';
    this.code = code;
    this.details = details;
  }
}

/**
 * Whether an error is a SaladError, of any copy of the library.
 *
 * @param error whatever was caught.
 * @param code the code that it must have; any without one.
 * @returns true for a SaladError, whose type `error` then has.
 * @example
 * const again = await model.fit(train).catch((error) => {
 *   if (isSaladError(error, 'ALREADY_FITTED')) return model.fit(train, { resume: true });
 *   throw error;
 * });
 */
export function isSaladError(error: unknown, code?: SaladErrorCode): error is SaladError {
  if (!(error instanceof Error) || error.name !== 'SaladError') return false;
  return code === undefined || (error as SaladError).code === code;
}

/** An error that names a call within `where` as one that names `where` in its place; any other error as it is. */
export function withCall(where: string, error: unknown): unknown {
  if (!isSaladError(error) || error.message.startsWith(where)) return error;
  const message = error.message.replace(/^[A-Za-z][\w.]*: /, '').replace(` [${error.code}]`, '');
  return new SaladError(error.code, `${where}: ${message}`, error.details, { cause: error });
}

/** What `work` does, with errors that name the call `where`. */
export async function namingCall<Result>(
  where: string,
  work: () => Result | Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw withCall(where, error);
  }
}
