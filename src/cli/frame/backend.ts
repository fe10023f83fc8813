import { missingPackage } from './failure.js';

/** What it takes to compute: the name of the backend that runs. */
export async function startBackend(wanted?: string): Promise<string> {
  // tfjs-node is slower without.
  process.env.TF_ENABLE_ONEDNN_OPTS ??= '1';
  const { detectBackend } = await import('salad-ad/backend');
  const loaders = {
    tensorflow: () =>
      packaged('@tensorflow/tfjs-node').then(async () =>
        (await import('salad-ad/tensorflow')).enableNativeKernels(),
      ),
    wasm: () =>
      packaged('@tensorflow/tfjs-backend-wasm').then(async () =>
        (await import('salad-ad/wasm')).enableWasmTraining(),
      ),
    cpu: () => packaged('@tensorflow/tfjs-backend-cpu'),
  };
  const chosen = Object.entries(loaders).filter(
    ([name]) => wanted === undefined || name === wanted,
  );
  const { name } = await detectBackend(Object.fromEntries(chosen));
  return name;
}

/** A package that the user installs, by a name that no bundler follows. */
async function packaged(name: string): Promise<unknown> {
  const installed: string = name;
  return import(installed).catch((error) => {
    if (error.code === 'ERR_MODULE_NOT_FOUND') throw new Error(missingPackage(name));
    throw error;
  });
}
