import { concatSources } from '../data/combine.js';
import { normalsOf } from '../data/normals.js';
import type { ImageSource } from '../images/image-source.js';
import { onlyNormals } from '../learning/labels.js';
import { promisedThreshold } from '../support/promised-threshold.js';
import { type ExtendedScores, extendedCopies, isExtendable } from './across-extend.js';
import type { AcrossPlan } from './across-options.js';
import type { AnomalyPlan, DetectorPlan, ExperimentConfig } from './config.js';
import type { DetectorFactory } from './detector-factory.js';
import type { OpenedData } from './experiment-data.js';
import { fitWithin } from './fit-within.js';
import { learnableOf } from './learnable.js';
import { areaStretch } from './plan.js';
import { scoresOf } from './scores-by-method.js';

/** What is the same for all fits. */
export interface AcrossWork {
  readonly config: ExperimentConfig;
  readonly opened: Readonly<Record<string, OpenedData>>;
  readonly plan: AcrossPlan;
  readonly factoryOf: (kind: string) => DetectorFactory;
  readonly signal?: AbortSignal;
}

/** A detector, and what it learns from. */
export interface AcrossFit {
  /** Name of the data set. */
  readonly home: string;
  readonly detector: DetectorPlan;
  readonly share: AnomalyPlan;
}

/** What one fitted detector says of the sets that it may judge. */
export interface FittedAcross {
  readonly seed: number;
  /** By normals of the validation part at home. */
  readonly threshold: number;
  readonly bySet: Readonly<
    Record<
      string,
      {
        /** [images of the judged part]. */
        readonly judged: Float32Array;
        /** [local normals]: those that may set a threshold there. */
        readonly local: ArrayLike<number>;
        /** [numbers of local normals][draws]; absent at home, and for a detector whose bank cannot be extended. */
        readonly extended?: readonly (readonly ExtendedScores[])[];
      }
    >
  >;
}

/** False where one set's films, or patients, are in the other. */
export function mayJudge({ sharedFilms }: AcrossPlan, home: string, name: string): boolean {
  return !sharedFilms.some((pair) => home !== name && pair.includes(home) && pair.includes(name));
}

/**
 * Fits a detector and scores all that it may judge.
 *
 * @throws `signal.reason`, what the detector throws
 */
export async function fitAcross(
  where: string,
  { config, opened, plan, factoryOf, signal }: AcrossWork,
  { home, detector, share }: AcrossFit,
  seed: number,
): Promise<FittedAcross> {
  const { inputShape, resize = areaStretch, budgetSeconds, dataSets } = config;
  const { train } = learnableOf(where, opened[home], { anomalies: share, detector, seed });
  const { kind, options = {} } = detector;
  const trial = await factoryOf(kind)({ options, inputShape, resize, seed, keep: 'last' });
  const scored = async (images: ImageSource) => {
    signal?.throwIfAborted();
    return (await scoresOf(where, trial, images, [])).score;
  };
  try {
    await fitWithin(trial.detector, { train }, { budgetSeconds, signal });
    const atHome = await scored(normalsOf(opened[home].validation));
    const bySet: Record<string, FittedAcross['bySet'][string]> = {};
    for (const name of dataSets.filter((other) => mayJudge(plan, home, other))) {
      const { [plan.judged]: images } = opened[name];
      const normals = localNormals(opened[name], localParts(plan, home === name));
      const { detector: fitted } = trial;
      const extendable = normals && home !== name && isExtendable(fitted);
      bySet[name] = {
        judged: await scored(images),
        local: normals ? await scored(normals) : [],
        ...(extendable && {
          extended: await extendedCopies(fitted, { local: normals, judged: images }, plan, signal),
        }),
      };
    }
    return { seed, threshold: promisedThreshold(atHome.sort(), plan.quantile), bySet };
  } finally {
    trial.detector.dispose();
  }
}

/** Parts whose normals may set a threshold on a set's images: neither judged nor learnt from. */
function localParts({ judged }: AcrossPlan, isHome: boolean): readonly ('train' | 'validation')[] {
  const free = judged === 'test' ? (['train', 'validation'] as const) : (['train'] as const);
  return isHome ? free.filter((part) => part !== 'train') : free;
}

function localNormals(
  data: OpenedData,
  from: readonly ('train' | 'validation')[],
): ImageSource | undefined {
  const sources = from.flatMap((part) => onlyNormals(data[part]) ?? []);
  return sources.length > 1 ? concatSources(...sources) : sources[0];
}
