import { backboneFromConfig } from '../backbones/from-config.js';
import { combinedDetector } from '../baselines/combined/sum-of-models.js';
import type { CombinedDetectorOptions } from '../baselines/combined/terms.js';
import { detectorKinds, kindsInEpochs } from '../baselines/kinds.js';
import { detectorFromConfig } from '../baselines/load-detector.js';
import { renamedKind } from '../baselines/renamed-kinds.js';
import { memDae, untrainedEncoder } from '../baselines/salad-variants.js';
import { anomalyScore } from '../core/anomaly-score.js';
import type { ImageSource } from '../images/image-source.js';
import { normalizationFromJSON } from '../images/normalization-from-json.js';
import type { Detector } from '../learning/detector.js';
import type { SaladOptions } from '../model/options.js';
import type { ScoreResult } from '../model/results.js';
import { SaladModel } from '../model/salad-model.js';
import { check, checkObject } from '../support/check.js';
import type { DetectorFactory, DetectorRequest, Trial } from './detector-factory.js';

const saladKinds = {
  salad: (options: SaladOptions) => SaladModel.create(options),
  memDae,
  untrainedEncoder,
};

/**
 * The library's own detectors by kind, made from JSON: 'salad', 'memDae', 'untrainedEncoder', and the kinds
 * of `detectorFromConfig`.
 *
 * Options are those of the detector; `imageNormalization` is `{ name, options }`, `backbone` (for the first three) is
 * `{ kind: 'convAutoencoder' | 'resnetAutoencoder', ... }`, and `features` is `{ kind: 'memDae', ... }` with options of its own. The first three have
 * the score methods 'relative', 'angular', 'cells' (where its `score` reads cells), 'reconstructionError' and, of the first two with the bank as training left it,
 * 'runningBankRelative' and 'runningBankAngular'. 'combinedDetector' takes `models` as `{ own: { kind: 'salad', ... } }`, and each of its terms is a score method.
 *
 * @example
 * const { detector } = await libraryDetectors.salad({ options: {}, inputShape, resize, seed: 1, keep: 'last' });
 */
export const libraryDetectors: Readonly<Record<string, DetectorFactory>> = Object.freeze({
  ...Object.fromEntries(Object.keys(saladKinds).map((kind) => [kind, saladOf(kind)])),
  ...Object.fromEntries(Object.keys(detectorKinds).map((kind) => [kind, baselineOf(kind)])),
  combinedDetector: sumOfTerms,
});

function isSalad(kind: unknown): kind is keyof typeof saladKinds {
  return typeof kind === 'string' && Object.hasOwn(saladKinds, kind);
}

function saladOf(kind: string): DetectorFactory {
  return async (request) => {
    const model = await saladModel(kind as keyof typeof saladKinds, request);
    return { detector: model, scoreMethods: saladMethods(model) };
  };
}

async function saladModel(
  kind: keyof typeof saladKinds,
  { options, inputShape, resize, seed, keep }: DetectorRequest,
): Promise<SaladModel> {
  const { backbone, imageNormalization, ...settings } = options;
  const network = { kind: 'convAutoencoder', ...(backbone as object), inputShape, seed };
  return saladKinds[kind]({
    ...settings,
    ...(imageNormalization !== undefined && {
      imageNormalization: normalizationFromJSON(imageNormalization as { name: string }),
    }),
    backbone: await backboneFromConfig(network),
    resize,
    seed,
    // Without epochs there is nothing to choose.
    keep: kind === 'untrainedEncoder' ? 'last' : keep,
  });
}

function baselineOf(kind: string): DetectorFactory {
  return async (request): Promise<Trial> => {
    const { inputShape, resize, seed, keep } = request;
    const { features, ...options } = request.options;
    const made = {
      kind,
      ...options,
      inputShape,
      resize,
      seed,
      ...(Object.hasOwn(kindsInEpochs, kind) && { keep }),
    };
    if (features === undefined) return { detector: await detectorFromConfig(made) };
    return { detector: await onFeatures(made, features as { kind: string }, request) };
  };
}

/** A sum over models, each made of its own options; every term is a score method too. */
async function sumOfTerms(request: DetectorRequest): Promise<Trial> {
  const { models: plans, ...options } = request.options;
  checkObject(
    'runExperiment',
    'options.models',
    plans,
    "models by name, { own: { kind: 'salad' } } say",
  );
  const models: Record<string, SaladModel> = {};
  for (const [name, plan] of Object.entries(plans as Record<string, { readonly kind: string }>)) {
    const { kind: given, ...own } = plan;
    const kind = saladKind(`models.${name} of 'combinedDetector'`, given);
    models[name] = await saladModel(kind, { ...request, options: own });
  }
  const detector = combinedDetector({ ...options, models } as CombinedDetectorOptions);
  const terms = Object.keys((detector.config.weights ?? {}) as object);
  const termOf = (name: string) => async (images: ImageSource) =>
    (await detector.score(images)).terms[name];
  return {
    detector,
    scoreMethods: Object.fromEntries(terms.map((name) => [name, termOf(name)])),
  };
}

/** A detector on the embeddings of one that is fitted along. */
async function onFeatures(
  made: { readonly kind: string },
  { kind: given, ...options }: { readonly kind: string },
  request: DetectorRequest,
): Promise<Detector> {
  const kind = saladKind(`features of '${made.kind}'`, given);
  const model = await saladModel(kind, { ...request, options });
  const { config } = model;
  model.dispose();
  return detectorFromConfig({ ...made, features: config });
}

/** @throws INVALID_OPTION for one that is no `SaladModel` */
function saladKind(what: string, given: string): keyof typeof saladKinds {
  const kind = renamedKind(given);
  check(
    isSalad(kind),
    'INVALID_OPTION',
    () =>
      `runExperiment: options.${what} has the kind '${given}'; expected ${Object.keys(saladKinds).join(' or ')}.`,
  );
  return kind;
}

function saladMethods(model: SaladModel): Trial['scoreMethods'] {
  const running = (method: 'relative' | 'angular') => async (images: ImageSource) => {
    const { runningBank } = model;
    check(
      runningBank !== undefined,
      'NOT_FITTED',
      () =>
        'runExperiment: there is no running bank; expected a model that was fitted in this run; leave out the score methods of the running bank.',
    );
    const embeddings = await model.embed(images);
    const { scoreNeighbors } = model.settings;
    const { discard } = model;
    const { scores } = anomalyScore(embeddings, runningBank, { discard, scoreNeighbors, method });
    try {
      return await scores.data();
    } finally {
      embeddings.dispose();
      scores.dispose();
    }
  };
  return {
    relative: async (images) => (await model.score(images)).relative,
    angular: async (images) => (await model.score(images)).angular,
    cells: async (images) => cellsOf(await model.score(images)),
    reconstructionError: (images) => model.reconstructionErrors(images),
    runningBankRelative: running('relative'),
    runningBankAngular: running('angular'),
  };
}

function cellsOf({ cells }: ScoreResult): Float32Array {
  check(
    cells !== undefined,
    'INVALID_OPTION',
    () =>
      "runExperiment: the score method 'cells' needs a model that reads cells; set score: 'both' or 'cells' in the options of its plan.",
  );
  return cells;
}
