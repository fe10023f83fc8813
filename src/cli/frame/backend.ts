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
      packaged('@tensorflow/tfjs-backend-wasm');
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

function packaged(name: string): void {
  try {
    installed(name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND')
      throw new Error(missingPackage(name), { cause: error });
    throw error;
  }
}
