/** Kinds that files of version 0.1.0 have under other names. */
const RENAMED: Readonly<Record<string, string>> = Object.freeze({
  dae: 'denoisingAutoencoder',
  'deep-sad': 'deepSad',
  'deep-svdd': 'deepSvdd',
  gan: 'adversarialOneClass',
  geometric: 'geometricTransformations',
  'isolation-forest': 'isolationForest',
  lof: 'localOutlierFactor',
  'logistic-regression': 'logisticRegression',
  'mean-intensity': 'meanIntensity',
  memdae: 'memDae',
  'one-class-svm': 'oneClassSvm',
  'pixel-bank': 'pixelBank',
  resnet18: 'resnetClassifier',
  'untrained-encoder': 'untrainedEncoder',
});

/** The oldest name of each kind that has another. */
export const oldestKinds: Readonly<Record<string, string>> = Object.freeze(
  Object.fromEntries(Object.entries(RENAMED).map(([oldest, kind]) => [kind, oldest])),
);

/** The name of a kind that a file may hold under an older one. */
export function renamedKind(kind: string): string {
  return Object.hasOwn(RENAMED, kind) ? RENAMED[kind] : kind;
}
