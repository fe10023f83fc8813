import { detectBackend } from 'salad-ad/backend';
import { prepareWasm } from '../workers/start-wasm.js';
import type { BackendChoice } from './run.js';

/** Starts the backend that was chosen, or the best there is. */
export async function startBackend(choice: BackendChoice) {
  const all = {
    webgpu: () => import('@tensorflow/tfjs-backend-webgpu'),
    webgl: () => import('@tensorflow/tfjs-backend-webgl'),
    wasm: async () => prepareWasm(),
  };
  const { name, passedOver } = await detectBackend(
    choice === 'best' ? all : { [choice]: all[choice] },
  );
  return { name, passedOver: passedOver.map((one) => `${one.name}: ${one.reason}`) };
}
