import { defaultSettings, scheduleFor } from 'salad-ad';
import type { DetectorPlan } from 'salad-ad/experiments';

// Every detector that has settings has three to choose from. `options` were fixed before any test image was
// scored (but for `longer`): 30 epochs for all networks, at the library's default rates but for those of 1e-4, which learn too little in them.

const none = { name: 'none' };
const fast = { learningRate: 1e-3 };
const each = <Value>(name: string, ...values: readonly [Value, Value, Value]) =>
  values.map((value) => ({ [name]: value }));
const allEpochs =
  defaultSettings.pretrainEpochs + defaultSettings.rounds * defaultSettings.epochsPerRound;

export const salad: DetectorPlan = {
  name: 'SALAD',
  kind: 'salad',
  // With known anomalies more of the latent term pays, and more neighbours with it.
  settings: [
    {},
    { latentWeight: 0.1, scoreNeighbors: 100 },
    { latentWeight: 0.3, scoreNeighbors: 100 },
  ],
  scoreMethods: ['relative'],
};
export const memDae: DetectorPlan = {
  name: 'MemDAE / MSE only',
  kind: 'memDae',
  settings: each('scoreNeighbors', 1, 10, 100),
  scoreMethods: ['angular'],
};

/**
 * A detector on films unlike those that its options were chosen on: plain pixels are among its three settings, since
 * the image normalisation decides most there.
 */
const orPlain = (
  plan: DetectorPlan,
  plain: Readonly<Record<string, unknown>>,
  other: Readonly<Record<string, unknown>>,
): DetectorPlan => ({ ...plan, settings: [{}, { imageNormalization: none, ...plain }, other] });

/** SALAD without one of its losses, for as many epochs. */
export const ablations: readonly DetectorPlan[] = [
  {
    ...salad,
    name: 'SALAD without aggregation',
    options: { pretrainEpochs: allEpochs, rounds: 0 },
    scoreMethods: [],
  },
  {
    name: 'SALAD without reconstruction',
    kind: 'salad',
    options: { reconstructionWeight: 0 },
    settings: [{}, { scoreNeighbors: 100 }, { learningRate: 5e-4 }],
  },
];

export const dae: DetectorPlan = {
  name: 'DAE',
  kind: 'denoisingAutoencoder',
  options: fast,
  settings: each('noise', 0.1, 0.2, 0.4),
  knownAnomalies: 'leaveOut',
};
export const deepSvdd: DetectorPlan = {
  name: 'Deep SVDD',
  kind: 'deepSvdd',
  options: fast,
  settings: [{}, { objective: 'softBoundary', nu: 0.1 }, { pretrainEpochs: 10 }],
  knownAnomalies: 'leaveOut',
};
export const deepSad: DetectorPlan = {
  name: 'Deep SAD',
  kind: 'deepSad',
  options: fast,
  settings: each('anomalyWeight', 0.3, 1, 3),
};
export const resnet18: DetectorPlan = {
  name: 'ResNet-18 (supervised)',
  kind: 'resnetClassifier',
  options: { width: 16 },
  settings: each('learningRate', 3e-4, 1e-3, 3e-3),
  knownAnomalies: 'needed',
};
export const logisticRegression: DetectorPlan = {
  name: 'logistic regression on pixels',
  kind: 'logisticRegression',
  options: { imageNormalization: none },
  settings: each('l2', 0.1, 1, 10),
  knownAnomalies: 'needed',
};

/** The same where films may need another normalisation, or are too few for the latent term. */
export const onOtherFilms: readonly DetectorPlan[] = [
  orPlain(
    salad,
    { method: 'relative', scoreNeighbors: 1 },
    { latentWeight: 0.3, scoreNeighbors: 100 },
  ),
  orPlain(memDae, { scoreNeighbors: 1 }, { scoreNeighbors: 1 }),
  orPlain(dae, {}, { noise: 0.4 }),
  orPlain(deepSvdd, {}, { objective: 'softBoundary', nu: 0.1 }),
  orPlain(deepSad, {}, { anomalyWeight: 3 }),
  logisticRegression,
];

/**
 * The same for as many steps as 803 films give, where there are 290. Planned after a first evaluation on the test films, and
 * tried on folds of the training and validation films alone.
 */
export const longer: readonly DetectorPlan[] = onOtherFilms.slice(0, 2).map((plan, i) => ({
  ...plan,
  name: ['SALAD (longer)', 'MemDAE (longer)'][i],
  afterEvaluation: true,
  options: { ...plan.options, ...scheduleFor(290) },
  knownAnomalies: 'leaveOut',
  scoreMethods: [...(plan.scoreMethods ?? []), 'reconstructionError'],
}));

const gan = (name: string, adversary: string): DetectorPlan => ({
  name,
  kind: 'adversarialOneClass',
  options: { adversary },
  settings: each('adversarialWeight', 0.3, 1, 3),
  knownAnomalies: 'leaveOut',
});

export const otherNetworks: readonly DetectorPlan[] = [
  {
    name: 'geometric transformations',
    kind: 'geometricTransformations',
    settings: each('learningRate', 3e-4, 1e-3, 3e-3),
    knownAnomalies: 'leaveOut',
  },
  gan('adversarial one-class', 'logistic'),
  gan('adversarial one-class (gradient penalty)', 'wasserstein'),
];

const onVectors = (
  name: string,
  kind: string,
  settings: DetectorPlan['settings'],
): readonly DetectorPlan[] => [
  { name: `${name} on pixels`, kind, settings, knownAnomalies: 'leaveOut' },
  {
    name: `${name} on MemDAE embeddings`,
    kind,
    options: { features: { kind: 'memDae' } },
    settings,
    knownAnomalies: 'leaveOut',
  },
];

export const baselines: readonly DetectorPlan[] = [
  {
    name: 'pixels (localContrast)',
    kind: 'pixelBank',
    settings: each('scoreNeighbors', 1, 10, 100),
    knownAnomalies: 'leaveOut',
  },
  {
    name: 'pixels (plain)',
    kind: 'pixelBank',
    options: { imageNormalization: none },
    settings: each('scoreNeighbors', 1, 10, 100),
    knownAnomalies: 'leaveOut',
  },
  {
    name: 'untrained encoder',
    kind: 'untrainedEncoder',
    settings: each('scoreNeighbors', 1, 10, 100),
    knownAnomalies: 'leaveOut',
  },
  { name: 'texture (local contrast)', kind: 'texture', knownAnomalies: 'leaveOut' },
  {
    name: 'texture (Laplacian)',
    kind: 'texture',
    options: { measure: 'laplacian' },
    knownAnomalies: 'leaveOut',
  },
  {
    name: 'texture (fine)',
    kind: 'texture',
    options: { measure: 'fineTexture' },
    afterEvaluation: true,
    knownAnomalies: 'leaveOut',
  },
  { name: 'mean intensity', kind: 'meanIntensity', knownAnomalies: 'leaveOut' },
];

export const vectorMethods: readonly DetectorPlan[] = [
  ...onVectors('one-class SVM', 'oneClassSvm', each('nu', 0.5, 0.1, 0.02)),
  ...onVectors('isolation forest', 'isolationForest', each('sampleSize', 256, 64, 512)),
  ...onVectors('LOF', 'localOutlierFactor', each('neighbors', 20, 5, 50)),
];
