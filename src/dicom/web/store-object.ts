import { defaultMaxPixels } from '../../decoding/pixel-limit.js';
import { check, checkBytes } from '../../support/check.js';
import { isSaladError, SaladError } from '../../support/errors.js';
import { elementLimits } from '../element-limits.js';
import { inNameOf } from '../in-name-of.js';
import { parseObject } from '../parse-file.js';
import type { Server } from './server.js';
import { storeInstance } from './store-instance.js';

/** `store` of a source. @param place of the film, below the address of the server */
export async function storeObject(
  server: Server,
  place: string,
  object: Uint8Array,
): Promise<void> {
  const where = 'store';
  checkBytes(where, 'object', object);
  const [study, uid] = await inNameOf(where, async () => {
    const limits = { ...elementLimits('dicom', {}), maxPixels: defaultMaxPixels };
    const { dataSet } = parseObject(object, limits);
    return ['x0020000d', 'x00080018'].map((tag) => dataSet.string(tag) ?? '');
  });
  // By no identifier of a patient: of two patients with one number the study would still be another.
  check(
    place.startsWith(`studies/${study}/`) && /^[0-9.]{1,64}$/.test(uid),
    'INVALID_OPTION',
    () =>
      `${where}: object is not of the study of the record; expected what dicomResult made of the file that open(record) gave.`,
  );
  try {
    await storeInstance(server, { study, uid }, object);
  } catch (error) {
    if (!isSaladError(error) || !error.code.startsWith('IMAGE_')) throw error;
    const { code, message, details } = error;
    const found = message.replace(` [${code}]`, '');
    throw new SaladError('NOT_STORED', `${where}: ${found}`, details, { cause: error });
  }
}
