// A module that a thread opens by itself, as a source of its own would be opened.
import type { ImageSource } from '../../src/index.js';
import { mixed } from '../model/tiny.js';
import { lossySource } from '../support/lossy-source.js';

/** The images of `mixed`, read where this is called. */
export const openMixed = ([normals, anomalies, seed]: [number, number, number]): ImageSource =>
  mixed(normals, anomalies, seed);

/** The same images for this thread, which refuses to read them itself. */
export function locatedMixed(...argument: [number, number, number]): ImageSource {
  return {
    ...mixed(...argument),
    read: () => Promise.reject(new Error('read on the wrong thread')),
    locate: (indices) => ({
      module: import.meta.url,
      open: 'openMixed',
      argument,
      indices: Array.from(indices),
    }),
  };
}

/** Of `mixed`, image 5 cannot be read. */
export const openTorn = (argument: [number, number, number]): ImageSource =>
  torn(mixed(...argument));

/** The same for this thread, which refuses to read it itself. */
export function locatedTorn(...argument: [number, number, number]): ImageSource {
  const source = locatedMixed(...argument);
  const locate = source.locate as NonNullable<ImageSource['locate']>;
  return { ...source, locate: (indices) => ({ ...locate(indices), open: 'openTorn', argument }) };
}

/** A source whose image 5 cannot be read. */
export function torn(source: ImageSource): ImageSource {
  return lossySource(source, (index) => index === 5);
}
