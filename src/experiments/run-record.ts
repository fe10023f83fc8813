import { readFile } from 'node:fs/promises';
import type { DetectorConfig, FitEpoch } from '../core/detector.js';
import { writeWhole } from '../node/write-whole.js';
import type { Environment } from './environment.js';
import type { Fitted } from './fit-within.js';
import { hashOf } from './identity.js';
import type { PlannedRun, RunConfig } from './plan.js';

/** One setting that a run tried. */
export interface TriedSetting extends Partial<Omit<Fitted, 'history'>> {
  /** All that the detector was set to, defaults among it. */
  readonly config?: DetectorConfig;
  /** Absent where validation lacks a class. */
  readonly validationAuc?: number;
  /** Code of what went wrong. */
  readonly failed?: string;
}

/** Scores by read-out ('score' is the detector's own), image by image in the order of the data set. */
export interface ScoredPart {
  readonly labels: readonly number[];
  readonly scores: Readonly<Record<string, readonly number[]>>;
}

/** What every run leaves; JSON without a name of an image or a patient. */
interface Finished {
  readonly id: string;
  readonly config: RunConfig;
  readonly environment: Environment;
  /** Codes of the detector's warnings, each once. */
  readonly warnings: readonly string[];
  /** Of all that the run did. */
  readonly seconds: number;
  /** Bytes; the largest resident size of the process that was seen while the run went on. */
  readonly peakMemory: number;
}

/** A run that was carried out. */
export interface DoneRun extends Finished {
  readonly status: 'done';
  readonly tried: readonly TriedSetting[];
  /** Place in `tried` of what was kept. */
  readonly setting: number;
  /** Training images, and the known anomalies among them. */
  readonly trained: { readonly images: number; readonly abnormal: number };
  readonly history: readonly FitEpoch[];
  readonly bestEpoch?: number;
  readonly validation: ScoredPart;
  readonly test: ScoredPart;
  readonly distinctScores: number;
  readonly scoringSeconds: number;
}

/** A run that could not be carried out; it is kept, and shown. */
export interface FailedRun extends Finished {
  readonly status: 'failed';
  readonly error: { readonly code: string; readonly message: string };
}

export type RunRecord = DoneRun | FailedRun;

/** The stable code of an error of the library, else its name. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'Error';
  return String((error as { code?: unknown }).code ?? error.name);
}

/** Writes a run beside its place, then renames. */
export async function writeRun(path: string, record: RunRecord): Promise<void> {
  await writeWhole(path, [new TextEncoder().encode(`${JSON.stringify(record)}\n`)]);
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
    const record = JSON.parse(text) as RunRecord;
    return isWhole(record) && (id === undefined || record.id === id) ? record : 'damaged';
  } catch {
    return 'damaged';
  }
}

function isWhole(record: RunRecord): boolean {
  if (hashOf(record.config) !== record.id) return false;
  if (record.status === 'failed') return typeof record.error.code === 'string';
  const { labels, scores } = record.test;
  return (
    record.status === 'done' &&
    Object.values(scores).every(
      (values) => values.length === labels.length && values.every(Number.isFinite),
    ) &&
    scores.score !== undefined
  );
}

/** What is known of a run before it began. */
export function headOf({ id, config }: PlannedRun): Pick<Finished, 'id' | 'config'> {
  return { id, config };
}
