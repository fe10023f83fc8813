// The suite in a page: bundled, and called from the test process through `window.runConformance`.

import { getThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-webgl';
import '@tensorflow/tfjs-backend-webgpu';
import { detectBackend } from '../../src/backend/index.js';
import { enableWasmTraining } from '../../src/wasm/index.js';
import { outcomeOf } from './case.js';
import { conformanceCases, type Fixtures } from './suite.js';

declare global {
  /** Given by the test process: takes an outcome as soon as it stands. */
  function reportOutcome(outcome: object): Promise<void>;
  function runConformance(given: {
    backend: string;
    fixtures: Fixtures;
    /** Whether the page should be one where threads are allowed. */
    isolated: boolean;
  }): Promise<void>;
  /** Among all backends that a page can have. */
  function detectInPage(): ReturnType<typeof detectBackend>;
}

globalThis.runConformance = async ({ backend, fixtures, isolated }) => {
  if (crossOriginIsolated !== isolated) throw new Error('the server sent the wrong headers');
  setWasmPaths('/wasm/');
  // The backend leaves one core free, which on two is no thread beside the page's.
  if (isolated) Object.defineProperty(navigator, 'hardwareConcurrency', { value: 4 });
  enableWasmTraining();
  if (!(await tf.setBackend(backend))) throw new Error(`the ${backend} backend did not start`);
  if (backend === 'wasm' && isolated && getThreadsCount() < 2)
    throw new Error('the wasm backend runs one thread only');
  for (const one of conformanceCases(fixtures)) await reportOutcome(await outcomeOf(one));
};

globalThis.detectInPage = () => {
  setWasmPaths('/wasm/');
  return detectBackend();
};
