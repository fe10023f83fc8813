import * as tf from '@tensorflow/tfjs-core';
import type { ImageSource } from '../images/image-source.js';
import { checkAllRead } from '../images/problems.js';
import { forEachBatch } from '../learning/intake.js';
import type { Network } from './network.js';

/** Steps of training mode after which running statistics no longer remember where they started. */
const SETTLING_STEPS = 64;

/** Runs images through an untrained network until its running statistics describe them. */
export async function settleStatistics(network: Network, source: ImageSource): Promise<void> {
  const { backbone } = network;
  if (backbone.statistics.length === 0) return;
  let steps = 0;
  while (steps < SETTLING_STEPS) {
    const before = steps;
    const problems = await forEachBatch('SaladModel.fit', source, 16, network, (images) => {
      tf.tidy(() => {
        const encoded = backbone.encode(images, true);
        backbone.decode?.(encoded, true);
      });
      steps += 1;
    });
    if (steps === before) checkAllRead('SaladModel.fit', problems);
  }
}
