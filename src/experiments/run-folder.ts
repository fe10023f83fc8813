import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFailed, writeWhole } from '../node/write-whole.js';
import { canonicalJson } from '../support/canonical-json.js';
import type { ExperimentConfig } from './config.js';
import { type DataFacts, factsFromStored } from './data-facts.js';
import { environment } from './environment.js';
import { fixPlan } from './evaluation-plan.js';
import type { PlannedRun } from './plan.js';
import { codeOf, headOf, type RunRecord, readRun, writeRun } from './run-record.js';

type Warn = (warning: {
  readonly code: 'RUN_DAMAGED' | 'RUN_FAILED';
  readonly message: string;
}) => void;

/** How the names of files about data sets begin. */
const DATA = 'data-';

/** The runs of a folder, a file each. */
export class RunFolder {
  private readonly records = new Map<string, RunRecord>();

  private constructor(
    private readonly path: string,
    private readonly warn: Warn,
  ) {}

  /** Reads every run that is there; the folder is made when missing. */
  static async open(path: string, warn: Warn = () => {}): Promise<RunFolder> {
    await mkdir(path, { recursive: true }).catch((error) => {
      throw writeFailed('runExperiment', path, error);
    });
    const folder = new RunFolder(path, warn);
    for (const name of (await readdir(path)).sort()) {
      const [, id] = /-([0-9a-f]{16})\.json$/.exec(name) ?? [];
      if (id === undefined || name.startsWith(DATA)) continue;
      const record = await readRun(join(path, name), id);
      if (typeof record === 'object') folder.records.set(id, record);
      else {
        const message = `runExperiment: '${name}' is not the whole of a run; it is run again.`;
        warn({ code: 'RUN_DAMAGED', message });
      }
    }
    return folder;
  }

  get({ id }: PlannedRun): RunRecord | undefined {
    return this.records.get(id);
  }

  /** The run as it now lies in its file, which another process may have written. */
  async readAgain({ id, file }: PlannedRun): Promise<RunRecord | undefined> {
    const record = await readRun(join(this.path, file), id);
    if (typeof record !== 'object') return undefined;
    this.records.set(id, record);
    if (record.status === 'failed')
      this.warn({ code: 'RUN_FAILED', message: `runExperiment: ${file}: ${record.error.message}` });
    return record;
  }

  /** Fixes what may be evaluated on the test images; refuses what may not. */
  async fixPlan(data: DataFacts, experiments: readonly ExperimentConfig[] = []): Promise<void> {
    const path = join(this.path, `${data.test.hash}.plan.json`);
    await fixPlan(path, data, [...this.records.values()], experiments);
  }

  async write({ id, file }: PlannedRun, record: RunRecord): Promise<void> {
    await writeRun(join(this.path, file), record);
    this.records.set(id, record);
  }

  /** A run that left nothing, its process having died say. */
  async writeFailure(run: PlannedRun, failure: unknown): Promise<RunRecord> {
    const message = failure instanceof Error ? failure.message : 'the run left no file';
    const record: RunRecord = {
      status: 'failed',
      ...headOf(run),
      environment: environment(),
      warnings: [],
      seconds: 0,
      peakMemory: 0,
      error: { code: failure === undefined ? 'RUN_LOST' : codeOf(failure), message },
    };
    await this.write(run, record);
    this.warn({ code: 'RUN_FAILED', message: `runExperiment: ${run.file}: ${message}` });
    return record;
  }

  /** Leaves a file as it is that says the same: other processes may be reading or writing it. */
  async writeData(data: DataFacts): Promise<void> {
    const name = `${DATA}${data.name.replace(/[^\w.-]+/g, '-')}-${data.hash}.json`;
    const path = join(this.path, name);
    if (saysTheSame(await readFile(path, 'utf8').catch(() => ''), data)) return;
    await writeWhole('runExperiment', path, [
      new TextEncoder().encode(`${JSON.stringify(data)}\n`),
    ]);
  }
}

function saysTheSame(text: string, data: DataFacts): boolean {
  try {
    return canonicalJson(factsFromStored(JSON.parse(text))) === canonicalJson(data);
  } catch {
    return false;
  }
}
