import type { ResizePolicy } from '../images/resize.js';
import type { AnomalyPlan, Choice, DetectorPlan, ExperimentConfig } from './config.js';
import type { DataFacts } from './data-facts.js';
import { idOf, type RunConfig } from './run-config.js';
import { storedWord } from './stored-words.js';

/** Raised when stored runs no longer stand for what the code would compute. */
export const RUN_FORMAT = 1;

/**
 * A run that an experiment needs.
 *
 * @example
 * const carryOut = async ({ id }: PlannedRun) => startProcess(['--only', id]);
 */
export interface PlannedRun {
  /** 16 hex digits: the hash of the config. */
  readonly id: string;
  /** Everything that the run depends on. */
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
  const { choices = ['labelFree', 'validationChosen'] } = config;
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
  const { settings, scoreMethods = [], afterEvaluation, ...detector } = cell.detector;
  const chosen = cell.choice === 'validationChosen' && settings ? { settings } : {};
  const config: RunConfig = {
    formatVersion: RUN_FORMAT,
    detector: { ...detector, ...chosen, scoreMethods },
    dataSet: cell.dataSet,
    dataHash: data[cell.dataSet].hash,
    inputShape,
    resize,
    anomalies: effective(cell.anomalies, detector, cell.choice),
    seed: cell.seed,
    choice: cell.choice,
    ...(budgetSeconds !== undefined && { budgetSeconds }),
  };
  const id = idOf(config);
  const { ratio, findings = [] } = config.anomalies;
  const words = [detector.name, cell.dataSet, `${+(100 * ratio).toPrecision(4)}pct`, ...findings];
  const slug = [...words, `seed${cell.seed}`, storedWord(cell.choice)]
    .join('-')
    .replace(/[^\w.-]+/g, '-');
  return { id, config, file: `${slug.toLowerCase()}-${id}.json` };
}

/** Without known anomalies in training, and with every normal, all ratios are one run. */
function effective(
  anomalies: AnomalyPlan,
  { knownAnomalies }: DetectorPlan,
  choice: Choice,
): AnomalyPlan {
  const same = knownAnomalies === 'leaveOut' && anomalies.form === 'added';
  if (!same) return anomalies;
  // The findings still say which validation images may be chosen by.
  const { findings } = anomalies;
  const chooses = choice === 'validationChosen' && findings !== undefined;
  return { ratio: 0, form: 'added', ...(chooses && { findings }) };
}
