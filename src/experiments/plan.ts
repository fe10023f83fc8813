import type { ImageShape } from '../images/pixels.js';
import type { ResizePolicy } from '../images/resize.js';
import type { AnomalyPlan, Choice, DetectorPlan, ExperimentConfig } from './config.js';
import type { DataFacts } from './data-facts.js';
import { hashOf } from './identity.js';

/** Raised when runs of then can no longer stand for runs of now. */
export const RUN_FORMAT = 1;

/** All that a run depends on; JSON. Its hash names the run. */
export interface RunConfig {
  readonly formatVersion: number;
  readonly detector: Omit<DetectorPlan, 'readouts' | 'afterLook'> & {
    readonly readouts: readonly string[];
  };
  readonly dataSet: string;
  /** Of ids, labels and pixels. */
  readonly dataHash: string;
  readonly inputShape: ImageShape;
  readonly resize: ResizePolicy;
  readonly anomalies: AnomalyPlan;
  readonly seed: number;
  readonly choice: Choice;
  readonly budgetSeconds?: number;
}

/** A run that is to be there. */
export interface PlannedRun {
  readonly id: string;
  readonly config: RunConfig;
  /** Name of its file. */
  readonly file: string;
}

/** A place in the tables, and the run that fills it; some places share a run. */
export interface Cell {
  readonly dataSet: string;
  readonly detector: string;
  readonly anomalies: AnomalyPlan;
  readonly seed: number;
  readonly choice: Choice;
  readonly run: PlannedRun;
}

export const areaStretch: ResizePolicy = { method: 'area', fit: 'stretch' };

/** Every cell of an experiment, in the order of its config. */
export function cellsOf(
  config: ExperimentConfig,
  data: Readonly<Record<string, DataFacts>>,
): readonly Cell[] {
  const { choices = ['label-free', 'validation-chosen'] } = config;
  return config.dataSets.flatMap((dataSet) =>
    config.anomalies.flatMap((anomalies) =>
      config.detectors
        .filter(({ knownAnomalies }) => knownAnomalies !== 'needed' || anomalies.ratio > 0)
        .flatMap((detector) =>
          choices.flatMap((choice) =>
            config.seeds.map((seed) => {
              const run = runOf(config, { dataSet, anomalies, detector, choice, seed }, data);
              return { dataSet, detector: detector.name, anomalies, seed, choice, run };
            }),
          ),
        ),
    ),
  );
}

function runOf(
  { inputShape, resize = areaStretch, budgetSeconds }: ExperimentConfig,
  cell: Pick<RunConfig, 'dataSet' | 'seed' | 'choice' | 'anomalies'> & { detector: DetectorPlan },
  data: Readonly<Record<string, DataFacts>>,
): PlannedRun {
  const { settings, readouts = [], afterLook, ...detector } = cell.detector;
  const chosen = cell.choice === 'validation-chosen' && settings ? { settings } : {};
  const config: RunConfig = {
    formatVersion: RUN_FORMAT,
    detector: { ...detector, ...chosen, readouts },
    dataSet: cell.dataSet,
    dataHash: data[cell.dataSet].hash,
    inputShape,
    resize,
    anomalies: effective(cell.anomalies, detector, cell.choice),
    seed: cell.seed,
    choice: cell.choice,
    ...(budgetSeconds !== undefined && { budgetSeconds }),
  };
  const id = hashOf(config);
  const { ratio, kinds = [] } = config.anomalies;
  const words = [detector.name, cell.dataSet, `${+(100 * ratio).toPrecision(4)}pct`, ...kinds];
  const slug = [...words, `seed${cell.seed}`, cell.choice].join('-').replace(/[^\w.-]+/g, '-');
  return { id, config, file: `${slug.toLowerCase()}-${id}.json` };
}

/** Without known anomalies in training, and with every normal, all ratios are one run. */
function effective(
  anomalies: AnomalyPlan,
  { knownAnomalies }: DetectorPlan,
  choice: Choice,
): AnomalyPlan {
  const same = knownAnomalies === 'leave out' && anomalies.form === 'added';
  if (!same) return anomalies;
  // The kinds still say which validation images may be chosen by.
  const { kinds } = anomalies;
  const chooses = choice === 'validation-chosen' && kinds !== undefined;
  return { ratio: 0, form: 'added', ...(chooses && { kinds }) };
}
