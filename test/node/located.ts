// A module that a thread opens by itself, as a source of its own would be opened.
import type { ImageSource } from '../../src/index.js';
import { mixed } from '../model/tiny.js';

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
