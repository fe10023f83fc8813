import { check } from '../support/check.js';
import { SaladError } from '../support/errors.js';
import { missingPeer } from '../support/missing-peer.js';
import { withoutNewListeners } from '../support/process-listeners.js';
import type { Cv, Mat, MatVector, OpenCv } from './open-cv-interface.js';

/** OpenCV's module before its WebAssembly runs; it has a `then`, but is no promise. */
type Starting = Partial<OpenCv> & { onRuntimeInitialized?: () => void };

/**
 * Loads the optional package `@techstark/opencv-js`: half a second, and 128 MiB of memory for its heap.
 *
 * @returns what `preprocessXray` and the functions of `stages` take
 * @throws MISSING_PEER naming what to install
 * @example
 * const cv = await openCv();
 */
export async function openCv(): Promise<OpenCv> {
  const { exported } = await withoutNewListeners(load).catch(
    missingPeer('openCv', '@techstark/opencv-js'),
  );
  if (exported instanceof Promise) return (await exported) as OpenCv;
  return started(exported as Starting);
}

/**
 * The module in a box, since a promise of the module itself would never end (see `started`). For the same
 * reason Node requires it: tools that wrap `import`, such as vitest, hand on the module's `then`.
 */
async function load(): Promise<{ readonly exported: unknown }> {
  const { process } = globalThis as { process?: Host };
  const builtin = process?.getBuiltinModule?.('node:module');
  if (builtin) return { exported: builtin.createRequire(import.meta.url)('@techstark/opencv-js') };
  return (await import('./open-cv-package.js')).box;
}

/**
 * Waits for the runtime by its callback, and hides the module's `then`: that one hands over the module
 * itself, which has a `then` again, so to await it would never end.
 */
export async function started(module: Starting): Promise<OpenCv> {
  if (!module.Mat) {
    await new Promise<void>((resolve) => {
      const others = module.onRuntimeInitialized;
      module.onRuntimeInitialized = () => {
        others?.();
        resolve();
      };
    });
  }
  // biome-ignore lint/suspicious/noThenProperty: it hides the one that is there
  return Object.create(module, { then: { value: undefined } });
}

interface Host {
  getBuiltinModule?(name: 'node:module'): {
    createRequire(from: string): (name: string) => unknown;
  };
}

/** OpenCV with all that is used of it. @throws INVALID_OPTION where it has not started or is something else */
export function usable(where: string, cv: OpenCv): Cv {
  const { Mat, warpPerspective } = (cv ?? {}) as Partial<Cv>;
  check(
    typeof Mat === 'function' && typeof warpPerspective === 'function',
    'INVALID_OPTION',
    () =>
      `${where}: cv is no OpenCV, or one that has not started; expected what openCv() resolves to.`,
  );
  return cv as Cv;
}

/** Takes a matrix or list to delete it when the work is done. */
export type Keep = <T extends Mat | MatVector>(thing: T) => T;

/**
 * Runs `work` and deletes every matrix that it kept, whatever happens.
 *
 * @param where the call that errors name
 * @throws INVALID_IMAGES where OpenCV fails; it gives only a number
 */
export function withMats<R>(where: string, work: (keep: Keep) => R): R {
  const kept: (Mat | MatVector)[] = [];
  try {
    return work((thing) => {
      kept.push(thing);
      return thing;
    });
  } catch (error) {
    if (typeof error !== 'number') throw error;
    throw new SaladError(
      'INVALID_IMAGES',
      `${where}: OpenCV raised exception ${error}; expected an image that fits into its memory, and corners that lie near it.`,
    );
  } finally {
    for (const thing of kept) thing.delete();
  }
}
