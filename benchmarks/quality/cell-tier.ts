import type { DetectorPlan, ExperimentConfig } from 'salad-ad/experiments';
import { baselines, memDae, salad } from './detectors.js';

/** The longest side of the films of each set, as they are on disk. */
export const sides: Readonly<Record<string, number>> = {
  'nih-cxr': 256,
  knee: 128,
  'cxr-pneumonia-128': 128,
  pneumoniamnist: 28,
  nih64: 64,
};

const untrained: DetectorPlan = {
  name: 'untrained network',
  kind: 'untrainedEncoder',
  options: { score: 'both', method: 'angular' },
  scoreMethods: ['angular', 'cells'],
};

/** What needs no pretrained weights. A fit of SALAD gives its vector (`angular`), its cells, and both. */
const own: readonly DetectorPlan[] = [
  {
    name: salad.name,
    kind: 'salad',
    options: { score: 'both' },
    scoreMethods: ['angular', 'cells'],
  },
  { name: memDae.name, kind: 'memDae', options: { score: 'embedding' }, scoreMethods: ['angular'] },
  untrained,
  // One setting for all sets: nothing is chosen by validation.
  ...baselines.map(({ settings: _, afterEvaluation: __, ...plan }) => plan),
];

/** With the encoder that comes along, learnt from photographs and frozen. */
const pretrained: readonly DetectorPlan[] = [
  { name: 'frozen encoder', kind: 'frozen', scoreMethods: ['angular'] },
  { name: 'SALAD + frozen encoder', kind: 'ownAndFrozen', scoreMethods: ['ownBoth'] },
];

/**
 * One setting for all sets, no label seen: SALAD's own network sees the films at `size`, or at their own size where that is
 * smaller; the frozen encoder sees them at its own.
 */
export function cellTier(size: number): readonly ExperimentConfig[] {
  return Object.entries(sides).map(([dataSet, side]) => {
    const seen = Math.min(size, side);
    return {
      dataSets: [dataSet],
      inputShape: [seen, seen, 1],
      detectors: [...own, ...pretrained],
      anomalies: [{ ratio: 0, form: 'added' }],
      seeds: [1, 2, 3],
      choices: ['labelFree'],
    };
  });
}
