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

/** Ends the thread that opens it, as `argument` says: by an exit code, or by an error that nobody catches. */
export const openAndEnd = (argument: number | string): Promise<ImageSource> => {
  if (typeof argument === 'number') process.exit(argument);
  setImmediate(() => {
    throw new Error(argument);
  });
  return new Promise(() => {});
};

/** Images whose first reading on a thread ends that thread. */
export function locatedEnd(argument: number | string, count = 12): ImageSource {
  const source = locatedMixed(count, 0, 7);
  const locate = source.locate as NonNullable<ImageSource['locate']>;
  return {
    ...source,
    locate: (indices) => ({ ...locate(indices), open: 'openAndEnd', argument }),
  };
}
