import type { ImageSource, Preparation, ScoreOptions } from 'salad-ad';
import type { CombinedDetector, Detector } from 'salad-ad/baselines';
import { unusable } from '../frame/failure.js';
import { library } from '../frame/library.js';
import { detectorOf, encoderShapeIn, type ModelPlace } from '../frame/load-model.js';
import type { Scored } from './scored.js';
import type { OpenedModel } from './scorer.js';

/** A detector of 'salad-ad/baselines': scores alone, without a threshold, but for a sum of models that was calibrated. */
export async function openedDetector({ path, metadata }: ModelPlace): Promise<OpenedModel> {
  const { config, recipe } = detectorOf(metadata);
  const { loadDetector } = library('salad-ad/baselines');
  const { fileSystem } = library('salad-ad/node');
  const loaded = await loadDetector(fileSystem(path), { backbones: await backbonesOf(config) });
  const sum = 'models' in loaded ? (loaded as CombinedDetector) : undefined;
  try {
    return {
      preparation: sum
        ? preparationOfAll(path, sum)
        : ({ recipe, ...config } as unknown as OpenedModel['preparation']),
      scorer: {
        threads: 1,
        score: (images, options) => scoresOf(sum ?? loaded, images, options),
        end: async () => {},
      },
      end: async () => loaded.dispose(),
    };
  } catch (error) {
    loaded.dispose();
    throw error;
  }
}

const scoresOf = (
  detector: Detector | CombinedDetector,
  images: ImageSource,
  { onWarning, signal, groups }: ScoreOptions,
): Promise<Scored> =>
  detector.score(images, { onWarning, signal, ...('models' in detector && { groups }) });

/** The frozen encoders among the models of a sum, whose weights are in no model file. */
async function backbonesOf({ models = {} }: Readonly<Record<string, unknown>>) {
  const shapes = Object.entries(models as Readonly<Record<string, object>>).flatMap(
    ([name, model]) => {
      const shape = encoderShapeIn(model);
      return shape ? [[name, shape] as const] : [];
    },
  );
  if (shapes.length === 0) return undefined;
  const { efficientNetLite0 } = library('salad-ad/encoders');
  return Object.fromEntries(
    await Promise.all(
      shapes.map(
        async ([name, inputShape]) => [name, await efficientNetLite0({ inputShape })] as const,
      ),
    ),
  );
}

/** How images are made for all models of a sum, which look at the same ones. @throws Failure where they do not agree */
function preparationOfAll(path: string, { models }: CombinedDetector): OpenedModel['preparation'] {
  const all = Object.values(models).map(({ preparation }) => preparation);
  const [{ recipe, inputShape, resize }] = all;
  // Each brings an image to its own size, so that images need a size of their own where these differ.
  const alike = ({ inputShape, resize }: Preparation) => JSON.stringify([inputShape, resize]);
  const sizes = recipe?.size ? 1 : new Set(all.map(alike)).size;
  const recipes = new Set(all.map((one) => JSON.stringify(one.recipe))).size;
  if (recipes === 1 && sizes === 1) return { recipe, inputShape, resize };
  throw unusable(
    `'${path}' is a sum of models that learnt from images of different ${recipes > 1 ? 'recipes' : 'sizes'}; score by a program, with loadDetector of salad-ad/baselines`,
  );
}
