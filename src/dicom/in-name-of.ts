import { isSaladError, SaladError } from '../support/errors.js';

/**
 * Does what reads or shows a file for the public call `where`; what is wrong with the file is told by the parts of
 * `dicom()`, whose name they put first.
 *
 * @throws what `work` throws, with `where` in the place of 'dicom'
 */
export async function inNameOf<T>(where: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw inName(where, error);
  }
}

/** An error of the parts of `dicom()`, as of the public call `where`. */
export function inName(where: string, error: unknown): unknown {
  if (!isSaladError(error) || !error.message.startsWith('dicom: ')) return error;
  const { code, details, message, cause } = error;
  const said = message.slice('dicom: '.length).replace(` [${code}]`, '');
  return new SaladError(code, `${where}: ${said}`, details, { cause: cause ?? error });
}
