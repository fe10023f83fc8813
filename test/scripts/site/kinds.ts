import { detectorKinds } from '../../../src/baselines/kinds.js';

/** The detectors of the package but SaladModel and sums: those of the table, and the two that are models with other defaults. */
export const kindsOf = (): string[] => [
  ...Object.keys(detectorKinds),
  'memDae',
  'untrainedEncoder',
];
