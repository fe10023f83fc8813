import { missingPackage } from './failure.js';
import { installed, library } from './library.js';

/** What it takes to compute: the name of the backend that runs. */
export async function startBackend(wanted?: string): Promise<string> {
  // tfjs-node is slower without.
  process.env.TF_ENABLE_ONEDNN_OPTS ??= '1';
  const { detectBackend } = library('salad-ad/backend');
  const loaders = {
    tensorflow() {
      packaged('@tensorflow/tfjs-node');
      library('salad-ad/tensorflow').enableNativeKernels();
    },
    wasm() {
      const wasm = packaged('@tensorflow/tfjs-backend-wasm');
      const tf = packaged('@tensorflow/tfjs-core') as typeof import('@tensorflow/tfjs-core');
      // The package has registered the one whose memory threads cannot share.
      tf.removeBackend('wasm');
      tf.registerBackend('wasm', library('salad-ad/node').threadedWasm(wasm as WasmPackage));
      library('salad-ad/wasm').enableWasmTraining();
    },
    cpu() {
      packaged('@tensorflow/tfjs-backend-cpu');
    },
  };
  const chosen = Object.entries(loaders).filter(
    ([name]) => wanted === undefined || name === wanted,
  );
  const { name } = await detectBackend(Object.fromEntries(chosen));
  return name;
}

type WasmPackage = Parameters<typeof import('salad-ad/node').threadedWasm>[0];

function packaged(name: string): unknown {
  try {
    return installed(name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND')
      throw new Error(missingPackage(name), { cause: error });
    throw error;
  }
}
