import type { AnomalyPlan, ExperimentConfig } from 'salad-ad/experiments';
import * as detectors from './detectors.js';

/** The experiments of each tier; a set is opened at the size that its detectors see. */
export type Tier = '1' | '2' | '3' | 'unseen' | 'again';

const added = (...ratios: readonly number[]): AnomalyPlan[] =>
  ratios.map((ratio) => ({ ratio, form: 'added' }));
const square = (size: number) => [size, size, 1] as const;
const {
  salad,
  memDae,
  dae,
  deepSvdd,
  deepSad,
  baselines,
  logisticRegression,
  onOtherFilms,
  resnet18,
} = detectors;

const shorter = [...onOtherFilms, ...baselines];
const named = (...names: readonly string[]) => shorter.filter(({ name }) => names.includes(name));
const classifiers = [salad, memDae, deepSad, resnet18, logisticRegression];
const againstItself = [
  { ...salad, scoreMethods: ['relative', 'runningBankAngular', 'runningBankRelative'] },
  {
    ...salad,
    name: 'SALAD (entropy with self)',
    options: { entropyIncludesSelf: true },
    scoreMethods: [],
  },
  deepSad,
];

export const tiers: Readonly<Record<Tier, readonly ExperimentConfig[]>> = {
  1: [
    {
      dataSets: ['cxr-pneumonia'],
      inputShape: square(32),
      detectors: [
        salad,
        memDae,
        ...detectors.ablations,
        dae,
        deepSvdd,
        deepSad,
        ...detectors.otherNetworks,
        resnet18,
        logisticRegression,
        ...detectors.vectorMethods,
        ...baselines,
      ],
      anomalies: added(0, 0.05),
      seeds: [1, 2, 3, 4],
    },
  ],
  2: [
    {
      dataSets: ['nih-cxr'],
      inputShape: square(32),
      detectors: [...shorter, ...detectors.longer],
      anomalies: added(0, 0.05),
      seeds: [1, 2, 3],
    },
    {
      dataSets: ['knee'],
      inputShape: square(32),
      detectors: shorter,
      anomalies: added(0, 0.05),
      seeds: [1, 2, 3],
    },
    {
      dataSets: ['pneumoniamnist'],
      inputShape: square(28),
      detectors: shorter,
      anomalies: added(0, 0.05),
      seeds: [1, 2, 3],
    },
  ],
  3: [
    {
      dataSets: ['cxr-pneumonia'],
      inputShape: square(32),
      detectors: againstItself,
      // The pool holds 141 abnormal films, one too few for 15% of 803 and them.
      anomalies: added(0, 0.05, 0.1, 0.149),
      seeds: [1, 2],
    },
    {
      dataSets: ['cxr-pneumonia-128'],
      inputShape: square(128),
      // A fit takes all of its budget, so that there is one setting.
      detectors: [
        ...[salad, deepSad].map((plan) => ({ ...plan, settings: [{}] })),
        ...baselines.map((plan) => (plan.settings ? { ...plan, settings: [{}] } : plan)),
      ],
      anomalies: added(0, 0.05),
      seeds: [1, 2],
    },
  ],
  unseen: [
    {
      dataSets: ['cxr-pneumonia'],
      inputShape: square(32),
      detectors: classifiers,
      // The pool holds 31 viral films, too few for 5%; as many bacterial ones are known.
      anomalies: [
        { ratio: 0.035, form: 'added', findings: ['viral'] },
        { ratio: 0.035, form: 'added', findings: ['bacterial'] },
      ],
      seeds: [1, 2, 3, 4],
    },
    {
      dataSets: ['nih-cxr'],
      inputShape: square(32),
      detectors: [...named(salad.name, memDae.name, deepSad.name), resnet18, logisticRegression],
      anomalies: [{ ratio: 0.05, form: 'added', findings: ['Pneumonia'] }],
      seeds: [1, 2, 3],
    },
  ], // Whether what MemDAE reaches by `angular` on PneumoniaMNIST is there on other films of it.
  again: [
    {
      dataSets: ['pneumoniamnist-again-1', 'pneumoniamnist-again-2'],
      inputShape: square(28),
      detectors: [...named(salad.name, memDae.name), ...baselines],
      anomalies: added(0),
      seeds: [1, 2, 3],
      choices: ['labelFree'],
      // Wall-clock time on a machine that did much else.
      budgetSeconds: 3000,
    },
  ],
};
