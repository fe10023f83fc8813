// What a thread of `scoringPool` loads: a backend, and the encoder that no model file holds.

import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { efficientNetLite0 } from '../../src/encoders/index.js';

export async function loadOptions() {
  await tf.ready();
  return { backbone: await efficientNetLite0({ inputShape: [32, 32, 1] }) };
}
