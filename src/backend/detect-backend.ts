import * as tf from '@tensorflow/tfjs-core';
import { check, checkKnownOptions } from '../support/check.js';
import { SaladError } from '../support/errors.js';
import { withoutNewListeners } from '../support/process-listeners.js';
import { whyNoWebgl, whyNoWebgpu } from './graphics.js';

/** A backend of TensorFlow.js. */
export type BackendName = 'tensorflow' | 'webgpu' | 'webgl' | 'wasm' | 'cpu';

/** The fastest first. */
const ORDER: readonly BackendName[] = ['tensorflow', 'webgpu', 'webgl', 'wasm', 'cpu'];

/** Why a backend that is registered is not to be tried. */
const UNFIT: Readonly<Partial<Record<BackendName, () => Promise<string | undefined>>>> = {
  webgpu: whyNoWebgpu,
  webgl: async () => whyNoWebgl(),
};

/**
 * Starts the best backend there is and makes it current, as `tf.setBackend` does.
 *
 * The order is tensorflow (tfjs-node), webgpu, webgl, wasm, cpu. It tries the backends passed in and
 * those already registered with tfjs-core; later ones are not imported once one has started. A package
 * that cannot be imported, a backend that does not start and a graphics adapter made of software
 * (slower than wasm) are passed over.
 *
 * In Node an error that nobody catches still ends the program as Node does it, with its own stack and exit code 1: what the
 * wasm backend puts on the process for such errors, which makes that its own line and a 7, is removed.
 *
 * For applications: nothing else in the library sets a backend.
 *
 * @param loaders functions that import a backend, by name; one may also prepare it. What they resolve to does not matter.
 * @returns the backend that is current from here on, and why each better one is not.
 * @throws BACKEND_NOT_READY where none can be used, with every reason; UNKNOWN_OPTION | INVALID_OPTION
 * @example
 * const { name, passedOver } = await detectBackend({
 *   webgl: () => import('@tensorflow/tfjs-backend-webgl'),
 *   wasm: () => import('@tensorflow/tfjs-backend-wasm').then(() => enableWasmTraining()),
 *   cpu: () => import('@tensorflow/tfjs-backend-cpu'),
 * });
 */
export async function detectBackend(
  loaders: Readonly<Partial<Record<BackendName, () => unknown>>> = {},
): Promise<{
  /** As `tf.getBackend()` returns it. */
  name: BackendName;
  /** Those before it in the order that were passed in or registered, each by its name and the reason. */
  passedOver: readonly { readonly name: BackendName; readonly reason: string }[];
}> {
  const where = 'detectBackend';
  checkKnownOptions(where, loaders, {
    tensorflow: true,
    webgpu: true,
    webgl: true,
    wasm: true,
    cpu: true,
  });
  for (const [name, load] of Object.entries(loaders))
    check(
      load === undefined || typeof load === 'function',
      'INVALID_OPTION',
      () =>
        `${where}: ${name} is ${String(load)}; expected a function that imports the backend, () => import('...') say.`,
    );
  const passedOver: { name: BackendName; reason: string }[] = [];
  for (const name of ORDER) {
    if (!loaders[name] && !isRegistered(name)) continue;
    const reason = await whyNot(name, loaders[name]);
    if (reason === undefined) return { name, passedOver };
    passedOver.push({ name, reason });
  }
  const reasons = passedOver.map(({ name, reason }) => `${name}: ${reason}`).join('; ');
  throw new SaladError(
    'BACKEND_NOT_READY',
    `${where}: no backend can be used (${reasons || 'none was passed in or is registered'}); ` +
      "expected at least one that starts; pass in cpu: () => import('@tensorflow/tfjs-backend-cpu'), which runs everywhere.",
    { passedOver },
  );
}

/** Makes the backend current and returns nothing, or returns why that cannot be. */
async function whyNot(name: BackendName, load?: () => unknown): Promise<string | undefined> {
  const said = (error: unknown) => (error instanceof Error ? error.message : String(error));
  try {
    await load?.();
  } catch (error) {
    return `its import failed: ${said(error)}`;
  }
  if (!isRegistered(name)) return 'its import registered no backend of this name here';
  const unfit = await UNFIT[name]?.().catch((error) => `its adapter failed: ${said(error)}`);
  if (unfit) return unfit;
  // tfjs catches what goes wrong and prints it.
  return (await withoutNewListeners(() => tf.setBackend(name)))
    ? undefined
    : 'it did not start; the console says why';
}

const isRegistered = (name: BackendName): boolean => tf.findBackendFactory(name) != null;
