import type { SaladOptions } from '../model/options.js';
import { SaladModel } from '../model/salad-model.js';

/**
 * MemDAE: a `SaladModel` without the latent term. The bank is still kept, and scores.
 *
 * @param options a backbone with a decoder, and any setting; `score`, `method` and `scoreNeighbors` have the defaults 'embedding',
 * 'relative' and 10, which suit it better than the model's own.
 * @returns a model that has learnt nothing yet
 * @throws INVALID_OPTION, UNKNOWN_OPTION
 * @see Bozorgtabar et al., MICCAI 2020, Table 1. On normals only it is MemDAE; with known anomalies in
 * training call it "MSE only".
 * @example
 * const detector = memDae({ backbone: { kind: 'convAutoencoder', inputShape: [32, 32, 1] }, seed: 7 });
 */
export function memDae(options: SaladOptions): SaladModel {
  return SaladModel.create(
    { score: 'embedding', method: 'relative', scoreNeighbors: 10, ...options, latentWeight: 0 },
    'memDae',
  );
}

/**
 * The score of an encoder that has learnt nothing: how far the architecture alone separates the classes.
 *
 * A `SaladModel` of no epochs; batch normalisation's statistics are taken from the training images.
 *
 * @param options a backbone, and any setting but the numbers of epochs; `score`, `method` and `scoreNeighbors` have the defaults 'embedding',
 * 'relative' and 10
 * @returns a model that has learnt nothing yet
 * @throws INVALID_OPTION, UNKNOWN_OPTION
 * @example
 * const untrained = untrainedEncoder({ backbone: { kind: 'convAutoencoder', inputShape: [32, 32, 1] }, seed: 7 });
 */
export function untrainedEncoder(options: SaladOptions): SaladModel {
  return SaladModel.create(
    {
      score: 'embedding',
      method: 'relative',
      scoreNeighbors: 10,
      ...options,
      pretrainEpochs: 0,
      rounds: 0,
    },
    'untrainedEncoder',
  );
}
