import type { SaladOptions } from '../model/options.js';
import { SaladModel } from '../model/salad-model.js';

/**
 * MemDAE: a `SaladModel` without the latent term. The bank is still kept, and scores.
 *
 * @param options a backbone with a decoder, and any setting; `method` and `scoreNeighbors` have the defaults 'relative' and
 * 10, which suit it better than the model's own.
 * @see Bozorgtabar et al., MICCAI 2020, Table 1. On normals only it is MemDAE; with known anomalies in
 * training call it "MSE only".
 * @example
 * const detector = memDae({ backbone: { kind: 'convAutoencoder', inputShape: [32, 32, 1] }, seed: 7 });
 */
export function memDae(options: SaladOptions): SaladModel {
  return SaladModel.create({
    method: 'relative',
    scoreNeighbors: 10,
    ...options,
    latentWeight: 0,
  });
}

/**
 * The score of an encoder that has learnt nothing: what the architecture alone can tell.
 *
 * A `SaladModel` of no epochs; batch normalisation's statistics are taken from the training images.
 *
 * @example
 * const untrained = untrainedEncoder({ backbone: { kind: 'convAutoencoder', inputShape: [32, 32, 1] }, seed: 7 });
 */
export function untrainedEncoder(options: SaladOptions): SaladModel {
  return SaladModel.create({
    method: 'relative',
    scoreNeighbors: 10,
    ...options,
    pretrainEpochs: 0,
    rounds: 0,
  });
}
