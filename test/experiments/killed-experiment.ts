/** Carries out the small experiment in the folder of its argument, slowly enough to be killed within. */
import '@tensorflow/tfjs-layers';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { runExperiment } from '../../src/experiments/index.js';
import { tinyConfig, tinyData } from './tiny-experiment.js';

await tf.setBackend('cpu');
await runExperiment(tinyConfig, {
  dataSets: { bands: tinyData },
  out: process.argv[2],
  onProgress: ({ done }) => {
    process.send?.(done);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
  },
});
