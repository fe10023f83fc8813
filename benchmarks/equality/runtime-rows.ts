import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { scoringFacts } from '../../src/onnx/metadata.js';
import { Missing } from '../speed/contestant.js';
import { type Differences, differences } from './compare.js';
import { sourceOf } from './films.js';
import { onOrtWeb, onPageBackend } from './in-chromium.js';
import { onOrtNode, onTensorflow } from './in-node.js';
import { onPython } from './in-python.js';
import type { KeptModel } from './kept-model.js';
import { type Scored, scoredOf } from './scored.js';

/** A line of the table. */
export interface Row<T> {
  readonly name: string;
  /** Whether the promise of float32 is made for it. */
  readonly promised: boolean;
  /** What was found, or what this machine lacks. */
  readonly found: T | Missing;
}

type Runtime = readonly [
  name: string,
  promised: boolean,
  score: (kept: KeptModel) => Promise<Scored>,
];

const RUNTIMES: readonly Runtime[] = [
  ['tfjs-node', true, onTensorflow],
  ['onnxruntime-node', true, (kept) => onOrtNode(kept, 'float32')],
  ['Python onnxruntime', true, onPython],
  ['onnxruntime-web in Chromium', true, onOrtWeb],
  ['wasm in Chromium', true, (kept) => onPageBackend(kept, 'wasm')],
  ['webgl in Chromium', true, (kept) => onPageBackend(kept, 'webgl')],
  ['webgpu in Chromium', true, (kept) => onPageBackend(kept, 'webgpu')],
  ['float16 weights, onnxruntime-node', false, (kept) => onOrtNode(kept, 'float16')],
  ['int8 bank, onnxruntime-node', false, (kept) => onOrtNode(kept, 'int8')],
];

/** How far each runtime is from wasm in Node, which is the present backend. */
export async function runtimeRows(
  kept: KeptModel,
): Promise<{ scores: readonly number[]; runtimes: Row<Differences>[] }> {
  const reference = scoredOf(await kept.model.score(sourceOf(kept.films)));
  const { threshold, normalScores } = scoringFacts(
    'everywhere',
    await readFile(join(kept.folder, 'float32.onnx')),
  );
  if (!threshold || !normalScores) throw new Error('expected a calibrated model');
  const given = { threshold: threshold.value, normals: normalScores.all };
  const rows: Row<Differences>[] = [];
  for (const [name, promised, score] of RUNTIMES) {
    const found = await orMissing(async () => differences(await score(kept), reference, given));
    console.error(`${kept.size} px, ${name}: ${JSON.stringify(found)}`);
    rows.push({ name, promised, found });
  }
  return { scores: reference.scores, runtimes: rows };
}

/** What some work finds, or what this machine lacks for it; any other failure ends the run. */
export async function orMissing<T>(work: () => Promise<T>): Promise<T | Missing> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Missing) return error;
    throw error;
  }
}
