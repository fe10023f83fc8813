import { convAutoencoder, SaladModel } from 'salad-ad';
import { combinedDetector } from 'salad-ad/baselines';
import type { ImageSource } from 'salad-ad/data';
import { efficientNetLite0 } from 'salad-ad/encoders';
import type { DetectorFactory } from 'salad-ad/experiments';

/** Most films are smaller than what the encoder sees. */
const enlarged = { method: 'bilinear', fit: 'stretch' } as const;

const frozenModel = async (seed: number) =>
  SaladModel.create({
    backbone: await efficientNetLite0(),
    score: 'cells',
    resize: enlarged,
    seed,
  });

/** Kinds of detectors that the library has no name for: the frozen encoder, and SALAD's own network beside it. */
export const cellKinds: Readonly<Record<string, DetectorFactory>> = {
  async frozen({ seed }) {
    const model = await frozenModel(seed);
    const angular = async (images: ImageSource) => (await model.score(images)).angular;
    return { detector: model, scoreMethods: { angular } };
  },
  async ownAndFrozen({ options, inputShape, resize, seed }) {
    const backbone = convAutoencoder({ inputShape, seed });
    const own = SaladModel.create({ backbone, score: 'both', resize, seed, ...options });
    const detector = combinedDetector({
      models: { own, frozen: await frozenModel(seed) },
      terms: ['own.embedding', 'own.cells', 'frozen.cells'],
    });
    const term = (name: `${string}.cells` | 'own.embedding') => async (images: ImageSource) =>
      (await detector.score(images)).terms[name];
    return {
      detector,
      scoreMethods: {
        ownBoth: async (images: ImageSource) => (await own.score(images)).scores,
        ownEmbedding: term('own.embedding'),
        ownCells: term('own.cells'),
        frozenCells: term('frozen.cells'),
      },
    };
  },
};
