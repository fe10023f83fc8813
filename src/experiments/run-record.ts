import { readFile } from 'node:fs/promises';
import type { DetectorConfig, FitHistory } from '../learning/detector.js';
import { writeWhole } from '../node/write-whole.js';
import {
  aCount,
  aNumber,
  anObject,
  aText,
  both,
  fields,
  listOf,
  oneOf,
  optional,
  valuesOf,
} from '../support/json-rules.js';
import type { PlannedRun } from './plan.js';
import { configFromStored, idOf, type RunConfig } from './run-config.js';
import { currentWord } from './stored-words.js';

/**
 * What a run leaves, carried out or failed; JSON without a name of an image or a patient.
 *
 * @example
 * const areaOf = (run: RunRecord) =>
 *   run.status === 'done' ? areaUnderRoc(run.test.scores.score, run.test.labels) : undefined;
 */
export type RunRecord = {
  /** 16 hex digits: the hash of the config. */
  readonly id: string;
  /** Everything that the run depends on. */
  readonly config: RunConfig;
  /** What the run was made with. */
  readonly environment: {
    /** Versions of the software. */
    readonly versions: {
      /** Of salad-ad. */
      readonly library: string;
      /** Of TensorFlow.js. */
      readonly tfjs: string;
      /** Of Node. */
      readonly node: string;
    };
    /** Backend of TensorFlow.js. */
    readonly backend: string;
    /** The machine. */
    readonly machine: {
      /** Its model. */
      readonly processor: string;
      /** Logical ones. */
      readonly cores: number;
      /** GiB. */
      readonly memory: number;
      /** Such as linux-x64. */
      readonly platform: string;
    };
  };
  /** Codes of the detector's warnings, each once. */
  readonly warnings: readonly string[];
  /** Seconds of the whole run. */
  readonly seconds: number;
  /** Bytes; the largest resident size of the process that was seen while the run went on. */
  readonly peakMemory: number;
} & (
  | {
      /** The run was carried out. */
      readonly status: 'done';
      /** The settings that were tried, in order. */
      readonly tried: readonly {
        /** Everything that the detector was set to, defaults included. Absent where it could not be made. */
        readonly config?: DetectorConfig;
        /** Absent where validation lacks a class. */
        readonly validationAuc?: number;
        /** Code of the error. Absent where the setting did not fail. */
        readonly failed?: string;
        /** Seconds of the fit. Absent where the setting failed. */
        readonly seconds?: number;
        /** Epochs after which the validation AUC was taken; 1 for a detector without epochs. */
        readonly checkpoints?: number;
        /** True where the budget ended the fit before its last epoch, or was exceeded; absent elsewhere. */
        readonly overBudget?: true;
      }[];
      /** Place in `tried` of the setting that was kept. */
      readonly setting: number;
      /** What the detector was fitted to. */
      readonly trained: {
        /** How many training images. */
        readonly images: number;
        /** How many known anomalies among them. */
        readonly abnormal: number;
      };
      /** One entry for each epoch of the fit that was kept. */
      readonly history: FitHistory['epochs'];
      /** The epoch whose weights were kept, from 0. Absent where validation did not choose among epochs. */
      readonly bestEpoch?: number;
      /** The validation images, in the order of the data set. */
      readonly validation: {
        /** 0 = normal, 1 = abnormal. */
        readonly labels: readonly number[];
        /** By score method, 'score' being the detector's own; higher = more anomalous. */
        readonly scores: Readonly<Record<string, readonly number[]>>;
      };
      /** The test images, in the order of the data set. */
      readonly test: {
        /** 0 = normal, 1 = abnormal. */
        readonly labels: readonly number[];
        /** By score method, 'score' being the detector's own; higher = more anomalous. */
        readonly scores: Readonly<Record<string, readonly number[]>>;
      };
      /** How many different scores the test images have. */
      readonly distinctScores: number;
      /** Seconds that scoring the test images took. */
      readonly scoringSeconds: number;
    }
  | {
      /** The run could not be carried out; it is kept, and the tables show it. */
      readonly status: 'failed';
      /** What ended it. */
      readonly error: {
        /** Stable code, or the name of an error that has none. */
        readonly code: string;
        /** Its text. */
        readonly message: string;
      };
    }
);

export type DoneRun = Extract<RunRecord, { status: 'done' }>;
export type FailedRun = Extract<RunRecord, { status: 'failed' }>;

/** The stable code of an error of the library, else its name. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'Error';
  return String((error as { code?: unknown }).code ?? error.name);
}

/** Writes a run beside its place, then renames. */
export async function writeRun(path: string, record: RunRecord): Promise<void> {
  await writeWhole('runExperiment', path, [
    new TextEncoder().encode(`${JSON.stringify(record)}\n`),
  ]);
}

/** The run in a file; 'absent', or 'damaged' where the file is not the whole of a run by that name. */
export async function readRun(
  path: string,
  id?: string,
): Promise<RunRecord | 'absent' | 'damaged'> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'absent';
    throw error;
  }
  try {
    const record = runFromStored(JSON.parse(text));
    return isWhole(record) && (id === undefined || record.id === id) ? record : 'damaged';
  } catch {
    return 'damaged';
  }
}

/** A run, of whatever version, in the words of the code. */
function runFromStored(record: RunRecord): RunRecord {
  const config = configFromStored(record.config);
  if (record.status === 'failed') return { ...record, config };
  const scoresOf = <Part extends { scores: object }>(part: Part): Part => ({
    ...part,
    scores: Object.fromEntries(
      Object.entries(part.scores).map(([method, scores]) => [currentWord(method), scores]),
    ),
  });
  const { validation, test } = record;
  return { ...record, config, validation: scoresOf(validation), test: scoresOf(test) };
}

const numbers = listOf(aNumber());
const scoredRule = both(
  fields({
    labels: listOf(oneOf(0, 1)),
    scores: both(valuesOf(numbers), fields({ score: numbers })),
  }),
  (value, at) => {
    const { labels, scores } = value as DoneRun['test'];
    const whole = Object.values(scores).every(({ length }) => length === labels.length);
    return whole ? undefined : `${at} has not one score for each label`;
  },
);
const headRule = fields({
  status: oneOf('done', 'failed'),
  environment: fields({ versions: anObject, machine: anObject }),
  warnings: listOf(aText),
  seconds: aNumber({ min: 0 }),
  peakMemory: aNumber({ min: 0 }),
});
const failedRule = fields({ error: fields({ code: aText, message: aText }) });
const doneRule = fields({
  tried: listOf(anObject, 1),
  setting: aCount,
  trained: fields({ images: aCount, abnormal: aCount }),
  history: listOf(fields({ epoch: aCount })),
  bestEpoch: optional(aCount),
  validation: scoredRule,
  test: scoredRule,
  distinctScores: aCount,
  scoringSeconds: aNumber({ min: 0 }),
});

function isWhole(record: RunRecord): boolean {
  const rule = both(headRule, record.status === 'failed' ? failedRule : doneRule);
  return (
    rule(record, '') === undefined &&
    idOf(record.config) === record.id &&
    (record.status === 'failed' || record.setting < record.tried.length)
  );
}

/** What is known of a run before it began. */
export function headOf({ id, config }: PlannedRun): Pick<RunRecord, 'id' | 'config'> {
  return { id, config };
}
