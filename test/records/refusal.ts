import { isSaladError } from '../../src/support/errors.js';

/** The message of the INVALID_RECORDS that a reader raises. */
export async function refusal(read: () => unknown): Promise<string> {
  try {
    await read();
  } catch (error) {
    if (isSaladError(error, 'INVALID_RECORDS')) return error.message;
    throw error;
  }
  throw new Error('expected INVALID_RECORDS');
}
