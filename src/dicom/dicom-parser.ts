import { missingPeer } from '../support/missing-peer.js';

export type DicomParser = typeof import('dicom-parser');

/** The optional package 'dicom-parser', or MISSING_PEER. */
export async function loadDicomParser(): Promise<DicomParser> {
  const loaded: DicomParser & { readonly default?: DicomParser } = await import(
    'dicom-parser'
  ).catch(missingPeer('dicom', 'dicom-parser'));
  // The package is CommonJS: Node puts all of it under `default`, bundlers do or do not.
  return loaded.default ?? loaded;
}
