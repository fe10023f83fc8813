import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import * as ort from 'onnxruntime-node';
import { beforeAll, describe, expect, it } from 'vitest';
import { OnnxScorer, toOnnx } from '../../src/onnx/index.js';
import { enableWasmTraining } from '../../src/wasm/index.js';
import { mixed, normals, tinyModel } from '../model/tiny.js';
import { dicomFilm } from '../package/cli/dicom-films.js';
import { missingIn, root } from '../safetensors/python.js';
import { useBackend } from '../support/backends.js';
import { filmFolder, writeFilms } from '../support/written-films.js';

const python = process.env.SALAD_AD_PYTHON ?? 'python3';
const common = ['onnxruntime', 'pyarrow', 'PIL', 'pydicom'];
const engines = [
  { name: 'Ray', script: 'score_ray.py', missing: missingIn('ray.data', ...common) },
  { name: 'Spark', script: 'score_spark.py', missing: missingIn('pyspark', 'pandas', ...common) },
];

interface FilmRow {
  readonly name: string;
  readonly score: number | null;
  readonly p_value: number | null;
  readonly verdict: string | null;
  readonly error: string | null;
  readonly file_hash: string;
  readonly model_hash: string;
}

const folder = filmFolder();
const films = join(folder, 'films');
const model = join(folder, 'model.onnx');
/** By name; of the files that can be read. */
const expected = new Map<string, { score: number; pValue: number; abnormal: boolean }>();

beforeAll(async () => {
  await useBackend('wasm');
  enableWasmTraining();
  const fitted = tinyModel({ resize: { method: 'area', fit: 'stretch' } });
  await fitted.fit(mixed(30, 4), { validation: normals(24, 3, 'validation') });
  const { bytes } = await toOnnx(fitted);
  fitted.dispose();
  writeFileSync(model, bytes);

  mkdirSync(join(films, 'dicom'), { recursive: true });
  await writeFilms(films, [0, 150]);
  await writeFilms(films, [0, 4], 16);
  for (const i of [0, 1, 2])
    writeFileSync(join(films, `dicom/${i}.dcm`), dicomFilm(i, i === 2, `P${i}`));
  const readable = readdirSync(films, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.(png|dcm)$/.test(name),
  );
  const session = await ort.InferenceSession.create(bytes);
  const scorer = new OnnxScorer({ file: bytes, session, Tensor: ort.Tensor });
  const paths = readable.map((name) => join(films, name));
  const {
    scores,
    pValues = [],
    abnormal = [],
  } = await scorer.scoreFiles(paths, { recipe: { channels: 1 } });
  readable.forEach((name, i) => {
    expected.set(name, { score: scores[i], pValue: pValues[i], abnormal: abnormal[i] });
  });
  writeFileSync(join(films, 'damaged.png'), readFileSync(join(films, '0-8.png')).subarray(0, 60));
  writeFileSync(join(films, 'text.dcm'), 'not a film');
});

function started(script: string, out: string, ...given: string[]): ChildProcess {
  const line = [join(root, 'examples/python', script), model, films, out, ...given];
  const env = { ...process.env, PYSPARK_PYTHON: python };
  return spawn(python, line, { env, stdio: ['ignore', 'pipe', 'pipe'] });
}

async function ended(child: ChildProcess): Promise<string> {
  let text = '';
  child.stdout?.on('data', (data) => (text += data));
  child.stderr?.on('data', (data) => (text += data));
  const code = await new Promise((resolve) => child.on('close', resolve));
  if (code !== 0) throw new Error(`ended with ${code}: ${text.slice(-3000)}`);
  return text;
}

async function rowsOf(out: string): Promise<FilmRow[]> {
  const file = await asyncBufferFromFile(join(out, 'scores.parquet'));
  return (await parquetReadObjects({ file })) as unknown as FilmRow[];
}

function expectEveryFilmOnce(rows: readonly FilmRow[]): void {
  const names = [...expected.keys(), 'damaged.png', 'text.dcm'].sort();
  expect(rows.map(({ name }) => name)).toEqual(names);
  for (const row of rows) {
    const { score, pValue, abnormal } = expected.get(row.name) ?? {};
    if (score === undefined) {
      expect(row).toMatchObject({ score: null, p_value: null, verdict: null });
      expect(row.error).toMatch(/no PNG, JPEG or DICOM file/);
      continue;
    }
    expect(Math.abs((row.score as number) - score)).toBeLessThanOrEqual(
      1e-6 * Math.max(1, Math.abs(score)),
    );
    expect(row).toMatchObject({ error: null, verdict: abnormal ? 'anomalous' : 'normal' });
    expect(row.p_value).toBeCloseTo(pValue as number, 12);
  }
  expect(new Set(rows.map(({ model_hash }) => model_hash)).size).toBe(1);
}

/** Ends the process of a chunk that is begun, so that the chunk stays unfinished. */
async function killOneWorker(out: string, child: ChildProcess): Promise<number> {
  for (;;) {
    if (child.exitCode !== null) throw new Error('the run ended before a worker was killed');
    for (const name of begunOf(out)) {
      const pid = Number(readFileSync(join(out, 'begun', name), 'utf8'));
      if (!pid) continue;
      process.kill(pid, 'SIGKILL');
      if (begunOf(out).includes(name)) return pid;
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

const begunOf = (out: string): string[] => {
  try {
    return readdirSync(join(out, 'begun')).filter((name) => !name.startsWith('at-'));
  } catch {
    return [];
  }
};

describe.each(engines)('$name', ({ name, script, missing }) => {
  const out = join(folder, name);

  it.skipIf(missing)(
    `scores every film once though a worker is killed${missing}`,
    { timeout: 900_000 },
    async () => {
      const run = started(script, out, '--chunk', '8');
      const text = ended(run);
      await killOneWorker(out, run);
      expect(await text).toContain('2 of them with an error');
      expectEveryFilmOnce(await rowsOf(out));
    },
  );

  it.skipIf(missing)(
    `goes on after the whole run was killed, and scores what changed${missing}`,
    { timeout: 900_000 },
    async () => {
      const resumed = `${out}-resumed`;
      mkdirSync(join(resumed, 'chunks'), { recursive: true });
      // As a run leaves it that was killed half-way: some chunks, no table.
      const chunks = readdirSync(join(out, 'chunks'));
      for (const chunk of chunks.slice(0, chunks.length >> 1))
        cpSync(join(out, 'chunks', chunk), join(resumed, 'chunks', chunk));
      utimesSync(join(films, '3-8.png'), new Date(0), new Date(0));
      await ended(started(script, resumed, '--chunk', '8'));
      expectEveryFilmOnce(await rowsOf(resumed));
      const again = await ended(started(script, resumed));
      expect(again).toContain('2 of them with an error');
    },
  );
});
