/** DICOM files: pixels as stored or as a viewer shows them, and metadata without identifiers. */

export { type DicomOptions, dicom } from './dicom.js';
export * as dicomResult from './dicom-result.js';
export type { GreyScale } from './grey-scale.js';
export type { LookUpTable } from './look-up-table.js';
export type { DicomIdentifiers } from './metadata.js';
export { type DicomImage, type ReadDicomOptions, readDicom } from './read-dicom.js';
export { readDicomMetadata } from './read-metadata.js';
export { renderDicom, type WindowChoice } from './render.js';
export type { DicomWebOptions } from './web/dicom-web-options.js';
export { dicomWebSource } from './web/dicom-web-source.js';
export type { DicomWindow } from './window.js';
