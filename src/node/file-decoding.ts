import { fileURLToPath } from 'node:url';
import type { FileDecoding } from '../data/file-decoding.js';
import type { DicomOptions } from '../dicom/dicom.js';
import type { PreprocessingOptions } from '../preprocessing/preprocess-xray.js';
import { readWholeFile } from './read-image-file.js';

/** In Node: paths and file URLs; DICOM and all that `sharp` decodes; the library's preprocessing. */
export const fileDecoding: FileDecoding = {
  open: (_, path, maxPixels) =>
    readWholeFile(path.startsWith('file://') ? fileURLToPath(path) : path, maxPixels),
  async decoders(_, told) {
    const { nodeImages } = (await entry('node')) as typeof import('./node-images.js');
    const { dicom } = (await entry('dicom')) as typeof import('../dicom/dicom.js');
    return [dicom(told?.dicom as DicomOptions), nodeImages()];
  },
  async transform({ name, options }) {
    if (name !== 'preprocessXray') return undefined;
    const { preprocessXray } = (await entry(
      'preprocessing',
    )) as typeof import('../preprocessing/preprocess-xray.js');
    return preprocessXray(options as PreprocessingOptions);
  },
};

/**
 * An entry of the library by its public name, which is found as the program runs: a bundle of a server that scores no
 * files must not ask for the optional packages behind these.
 */
function entry(name: string): Promise<unknown> {
  const specifier = `salad-ad/${name}`;
  return import(/* @vite-ignore */ /* webpackIgnore: true */ specifier);
}
