/** DICOM files: pixels as stored or as a viewer shows them, and metadata without identifiers. */

export type { DecodedImage, DecodeLimits, Decoder, ImageMetadata } from '../decoding/decoder.js';
export { type PatientKeys, patientKeys } from '../records/patient-key.js';
export { type DicomOptions, dicom } from './dicom.js';
export type { DicomWindow, GreyScale, LookUpTable } from './grey-scale.js';
export type { Photometric } from './image-description.js';
export type { DicomIdentifiers } from './metadata.js';
export { type DicomImage, type ReadDicomOptions, readDicom } from './read-dicom.js';
export { readDicomMetadata } from './read-metadata.js';
export { type RenderOptions, renderDicom, type WindowChoice } from './render.js';
export type { StoredValues } from './stored-values.js';
