import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Missing } from '../speed/contestant.js';
import type { KeptModel } from './kept-model.js';
import type { Scored } from './scored.js';

/** The Python that has the packages of examples/python/requirements.txt. */
const python = process.env.SALAD_AD_PYTHON ?? 'python3';
const run = promisify(execFile);
/** The models learnt from arrays. */
const RECIPE = ['--recipe', JSON.stringify({ channels: 1 })];

/** The float32 file on Python's onnxruntime. */
export async function onPython({ folder, films }: KeptModel): Promise<Scored> {
  await requireModules('onnxruntime', 'numpy');
  const script = fileURLToPath(new URL('score_films.py', import.meta.url));
  const { count, height, width } = films;
  const given = [join(folder, 'float32.onnx'), join(folder, 'films.bin')];
  const sizes = [count, height, width].map(String);
  const { stdout } = await run(python, [script, ...given, ...sizes], { maxBuffer: 2 ** 26 });
  const scored = JSON.parse(stdout) as Scored;
  return { ...scored, version: `Python's onnxruntime ${scored.version}` };
}

/** Scores and verdicts by path, of files as examples/python/score.py reads them. */
export async function filesOnPython(
  folder: string,
  paths: readonly string[],
): Promise<Pick<Scored, 'scores' | 'abnormal'>> {
  await requireModules('onnxruntime', 'numpy', 'pyvips', 'pydicom');
  const script = fileURLToPath(new URL('../../examples/python/score.py', import.meta.url));
  const { stdout } = await run(python, [script, join(folder, 'float32.onnx'), ...paths, ...RECIPE]);
  const rows = stdout
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  if (rows.length !== paths.length || rows.some(([path], i) => path !== paths[i]))
    throw new Error(`score.py answered for ${rows.length} of ${paths.length} files`);
  return {
    scores: rows.map(([, score]) => Number(score)),
    abnormal: rows.map(([, , verdict]) => verdict === 'anomalous'),
  };
}

async function requireModules(...modules: string[]): Promise<void> {
  const remedy = 'pip install -r examples/python/requirements.txt, and SALAD_AD_PYTHON names it';
  await run(python, ['-c', `import ${modules.join(', ')}`]).catch(() => {
    throw new Missing(`a Python (${python}) with ${modules.join(', ')}`, remedy);
  });
}
