import { browserDecoder } from '../decoding/browser-images.js';
import { SaladError } from '../support/errors.js';
import type { FileDecoding } from './file-decoding.js';

/** In a page or a worker: what the browser decodes. DICOM and preprocessing are handed in, so that no page pays for them unasked. */
export const fileDecoding: FileDecoding = {
  async open(where, path) {
    throw new SaladError(
      'INVALID_OPTION',
      `${where}: '${path}' is a path, which a page cannot open; expected a File, a Blob or a Uint8Array, as of <input type="file"> or fetch.`,
    );
  },
  decoders: async (where) => [browserDecoder(where)],
  transform: async () => undefined,
};
