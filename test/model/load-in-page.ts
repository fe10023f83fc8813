// What an application's own code does, built by Vite for production and run in a page.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { SaladModel } from '../../src/index.js';

declare global {
  /** A model from a URL, as the threshold that it was saved with. */
  function thresholdAt(url: string): Promise<number | undefined>;
}

globalThis.thresholdAt = async (url) => {
  await tf.setBackend('cpu');
  const model = await SaladModel.load(url);
  try {
    return model.threshold;
  } finally {
    model.dispose();
  }
};
