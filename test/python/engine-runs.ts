import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { missingIn, root } from '../safetensors/python.js';

const python = process.env.SALAD_AD_PYTHON ?? 'python3';
const common = ['onnxruntime', 'pyarrow', 'pyvips', 'pydicom'];

export const engines = [
  { name: 'Ray', script: 'score_ray.py', missing: missingIn('ray.data', ...common) },
  { name: 'Spark', script: 'score_spark.py', missing: missingIn('pyspark', ...common) || noJava() },
];

/** Spark runs on it. */
function noJava(): string {
  const { JAVA_HOME } = process.env;
  const { status } = spawnSync(JAVA_HOME ? join(JAVA_HOME, 'bin/java') : 'java', ['-version']);
  return status === 0 ? '' : ' (skipped: there is no Java, which Spark runs on)';
}

export interface FilmRow {
  readonly name: string;
  readonly score: number | null;
  readonly p_value: number | null;
  readonly verdict: string | null;
  readonly error: string | null;
  readonly file_hash: string | null;
  readonly model_hash: string;
  readonly modified: bigint;
}

/** A run of a script: its processes, and what it said. */
export interface EngineRun {
  readonly child: ChildProcess;
  /** Fails where the run fails. */
  readonly text: Promise<string>;
  /** Ends the run and all that it started, by their ids. */
  kill(): Promise<void>;
}

let runs = 0;

/** @param startup a folder with a sitecustomize.py that every Python of the run begins with */
export function startRun(script: string, given: readonly string[], startup: string): EngineRun {
  const mark = `SALAD_AD_TEST_RUN=${process.pid}-${++runs}`;
  const [name, value] = mark.split('=');
  const env = { ...process.env, PYSPARK_PYTHON: python, PYTHONPATH: startup, [name]: value };
  const line = [join(root, 'examples/python', script), ...given];
  const child = spawn(python, line, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const text = textOf(child);
  text.catch(() => {}); // of a run that is killed
  return {
    child,
    text,
    async kill() {
      for (let ids = processesOf(mark); ids.length > 0; ids = processesOf(mark)) {
        for (const id of ids) endProcess(id);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
  };
}

async function textOf(child: ChildProcess): Promise<string> {
  let text = '';
  child.stdout?.on('data', (data) => (text += data));
  child.stderr?.on('data', (data) => (text += data));
  const code = await new Promise((resolve) => child.on('close', resolve));
  if (code !== 0) throw new Error(`ended with ${code}: ${text.slice(-3000)}`);
  return text;
}

/** Those that live and have it in their environment. */
function processesOf(mark: string): number[] {
  return readdirSync('/proc')
    .filter((id) => /^\d+$/.test(id))
    .filter((id) => contentOf(`/proc/${id}/environ`).split('\0').includes(mark))
    .map(Number);
}

function endProcess(id: number): boolean {
  try {
    return process.kill(id, 'SIGKILL');
  } catch {
    return false; // it has ended
  }
}

function contentOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

export function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Ends the process of a chunk that is begun, so that the chunk stays unfinished. */
export async function killOneWorker(out: string, { child }: EngineRun): Promise<void> {
  const begun = join(out, 'begun');
  for (;;) {
    if (child.exitCode !== null) throw new Error('the run ended before a worker was killed');
    for (const name of filesIn(begun)) {
      const id = Number(contentOf(join(begun, name)));
      if (id && endProcess(id) && filesIn(begun).includes(name)) return;
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

export const chunksIn = (out: string): string[] =>
  filesIn(join(out, 'chunks')).filter((name) => name.endsWith('.parquet'));

export async function rowsIn(path: string): Promise<FilmRow[]> {
  return (await parquetReadObjects({
    file: await asyncBufferFromFile(path),
  })) as unknown as FilmRow[];
}

/** The rows of some chunks, or of all. */
export async function rowsOfChunks(out: string, chunks = chunksIn(out)): Promise<FilmRow[]> {
  const rows = await Promise.all(chunks.map((name) => rowsIn(join(out, 'chunks', name))));
  return rows.flat();
}
