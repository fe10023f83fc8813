import { fork } from 'node:child_process';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defaultSettings, type EpochLog, type SaladSettings } from 'salad-ad';
import packageJson from '../../package.json' with { type: 'json' };
import { chestSettings } from './model.js';

/** One training run, as JSON. */
export interface RunPlan {
  /** Names the file of its record. */
  readonly name: string;
  readonly settings: Partial<SaladSettings>;
  /** abnormal / all among the training images. */
  readonly anomalyRatio: number;
  readonly seed: number;
  /** Height and width, pixels. */
  readonly size: number;
  /** Whether the test set is scored too; only once the settings are fixed. */
  readonly scoreTest: boolean;
}

/** Scores of one split, image by image. */
export interface SplitScores {
  readonly angular: readonly number[];
  readonly relative: readonly number[];
}

/** What a run leaves, with the weights that validation chose. */
export interface RunRecord extends RunPlan {
  /** All settings in force, defaults included, and the library's version. */
  readonly inForce: string;
  readonly bestEpoch: number;
  readonly validationAuc: number;
  readonly history: readonly EpochLog[];
  readonly validation: SplitScores;
  readonly test?: SplitScores;
  readonly seconds: number;
}

/** The file of a plan's record. */
export function fileOf({ name, anomalyRatio, seed, size }: RunPlan): string {
  return `${name.replaceAll(' ', '-')}-${anomalyRatio * 100}pct-${size}px-seed${seed}.json`;
}

/**
 * Carries plans out, a process a run, as many at a time as there are cores, and keeps every record in a
 * file: runs that are there already are not run again, so a stopped table goes on where it stopped.
 */
export async function carryOut(plans: readonly RunPlan[], out: string): Promise<RunRecord[]> {
  await mkdir(out, { recursive: true });
  const waiting = await without(plans, out);
  const total = waiting.length;
  console.log(`${plans.length} runs, ${plans.length - total} of them done before`);
  const started = performance.now();
  let finished = 0;
  const worker = async () => {
    for (let plan = waiting.shift(); plan; plan = waiting.shift()) {
      const record = await runInProcess(plan);
      const path = join(out, fileOf(plan));
      await writeFile(`${path}.partial`, JSON.stringify(record));
      await rename(`${path}.partial`, path);
      finished += 1;
      const minutes = (performance.now() - started) / 60000;
      const left = Math.ceil((minutes / finished) * (total - finished));
      const auc = record.validationAuc.toFixed(3);
      console.log(`${fileOf(plan)}  validation AUC ${auc}  about ${left} min left`);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return Promise.all(plans.map((plan) => readRecord(join(out, fileOf(plan)))));
}

/** What a record must have been made with to answer a plan. */
export function inForce({ settings, seed, size, anomalyRatio }: RunPlan): string {
  const all = { ...defaultSettings, ...chestSettings, ...settings, seed, size, anomalyRatio };
  const sorted = Object.entries(all).sort(([a], [b]) => a.localeCompare(b));
  return `${packageJson.version} ${JSON.stringify(sorted)}`;
}

/** The plans that no record in the folder answers. */
async function without(plans: readonly RunPlan[], out: string): Promise<RunPlan[]> {
  const present = new Set(await readdir(out));
  const waiting: RunPlan[] = [];
  for (const plan of plans) {
    const file = fileOf(plan);
    const record = present.has(file) ? await readRecord(join(out, file)) : undefined;
    const answers = record?.inForce === inForce(plan) && (record.test || !plan.scoreTest);
    if (!answers) waiting.push(plan);
  }
  return waiting;
}

async function readRecord(path: string): Promise<RunRecord> {
  return JSON.parse(await readFile(path, 'utf8')) as RunRecord;
}

function runInProcess(plan: RunPlan): Promise<RunRecord> {
  const script = fileURLToPath(new URL('./run-one.ts', import.meta.url));
  return new Promise((resolve, reject) => {
    const child = fork(script, [JSON.stringify(plan)]);
    let record: RunRecord | undefined;
    child.on('message', (message) => {
      record = message as RunRecord;
    });
    child.on('error', reject);
    child.on('exit', (code) =>
      record ? resolve(record) : reject(new Error(`${fileOf(plan)} ended with code ${code}`)),
    );
  });
}
