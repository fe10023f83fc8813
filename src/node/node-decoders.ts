import type { Decoder } from '../decoding/decoder.js';
import { dicom } from '../dicom/dicom.js';
import { nodeImages } from './node-images.js';

/** DICOM, PNG, JPEG, WebP and TIFF: what sources read unless told otherwise. */
export function nodeDecoders(): Decoder[] {
  return [dicom(), nodeImages()];
}
