import { SaladError, type SaladErrorCode } from '../support/errors.js';

/** What a piece of work came to, as plain data: messages between threads drop an error's name and code. */
export type Outcome<T> = { readonly value: T } | { readonly error: PackedError };

interface PackedError {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  readonly code?: string;
  readonly details?: string;
}

/** The outcome of `work`. */
export async function outcomeOf<T>(work: () => T | Promise<T>): Promise<Outcome<T>> {
  try {
    return { value: await work() };
  } catch (error) {
    return { error: packed(error) };
  }
}

/** The value of an outcome, or its error thrown, with the name, code and details that it had. */
export function unpacked<T>(outcome: Outcome<T>): T {
  if ('value' in outcome) return outcome.value;
  const { name, message, stack, code, details } = outcome.error;
  if (name === 'SaladError') {
    const said = message.replace(` [${code}]`, '');
    const error = new SaladError(code as SaladErrorCode, said, JSON.parse(details ?? '{}'));
    throw Object.assign(error, { stack });
  }
  throw Object.assign(new Error(message), { name, stack, ...(code && { code }) });
}

function packed(thrown: unknown): PackedError {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const { name, message, stack } = error;
  const { code, details } = error as { code?: unknown; details?: unknown };
  return {
    name,
    message,
    stack,
    ...(typeof code === 'string' && { code }),
    ...(details !== undefined && { details: JSON.stringify(details) }),
  };
}
