import { savedContents } from '../../src/onnx/saved-contents.js';
import { Missing } from '../speed/contestant.js';
import { type Differences, differences, firstOf } from './compare.js';
import { sourceOf } from './films.js';
import { onOrtWeb, onPageBackend } from './in-chromium.js';
import { onOrtNode, onTensorflow } from './in-node.js';
import { onPython } from './in-python.js';
import type { KeptModel } from './kept-model.js';
import type { SizeReport } from './report.js';
import { type Scored, scoredOf } from './scored.js';

/** A line of the table. */
export interface Row<T> {
  readonly name: string;
  /** Whether the promise of float32 is made for it. */
  readonly promised: boolean;
  /** What was found, or what this machine lacks. */
  readonly found: T | Missing;
  /** Of the runtime, where it was found. */
  readonly version?: string;
}

interface Runtime {
  readonly name: string;
  readonly score: (kept: KeptModel) => Promise<Scored>;
  /** Whether it holds numbers in fewer bits, about which nothing is promised. */
  readonly lossy?: boolean;
  /** The first films alone, where all take too long without a graphics card. */
  readonly films?: number;
}

const RUNTIMES: readonly Runtime[] = [
  { name: 'tfjs-node', score: onTensorflow },
  { name: 'onnxruntime-node', score: (kept) => onOrtNode(kept, 'float32') },
  { name: 'Python onnxruntime', score: onPython },
  { name: 'onnxruntime-web in Chromium', score: onOrtWeb },
  { name: 'wasm in Chromium', score: (kept) => onPageBackend(kept, 'wasm') },
  { name: 'webgl in Chromium', score: (kept) => onPageBackend(kept, 'webgl') },
  { name: 'webgpu in Chromium', score: (kept) => onPageBackend(kept, 'webgpu'), films: 16 },
  {
    name: 'float16 weights, onnxruntime-node',
    score: (kept) => onOrtNode(kept, 'float16'),
    lossy: true,
  },
  { name: 'int8 bank, onnxruntime-node', score: (kept) => onOrtNode(kept, 'int8'), lossy: true },
];

/** How far each runtime is from wasm in Node, which is the present backend. */
export async function runtimeRows(
  kept: KeptModel,
): Promise<Pick<SizeReport, 'scores' | 'spreads' | 'runtimes'>> {
  const reference = scoredOf('wasm in Node', await kept.model.score(sourceOf(kept.films)));
  const { description } = await savedContents('everywhere', kept.model);
  const { threshold, normalScores, spreads } = description;
  if (!threshold || !normalScores || !spreads) throw new Error('expected a calibrated model');
  const given = { threshold: threshold.value, normals: normalScores.all };
  const rows: Row<Differences>[] = [];
  for (const { name, score, lossy = false, films } of RUNTIMES) {
    let version: string | undefined;
    const found = await orMissing(async () => {
      const scored = await score(films === undefined ? kept : withFilms(kept, films));
      version = scored.version;
      return differences(
        scored,
        films === undefined ? reference : firstOf(reference, films),
        given,
      );
    });
    console.error(`${kept.size} px, ${name}: ${JSON.stringify(found)}`);
    const which = films === undefined ? name : `${name}, the first ${films} films`;
    rows.push({ name: which, promised: !lossy, found, version });
  }
  return { scores: reference.scores, spreads, runtimes: rows };
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

/** The same model with fewer films. */
function withFilms(kept: KeptModel, count: number): KeptModel {
  const { pixels, height, width } = kept.films;
  const first = pixels.subarray(0, count * height * width);
  return { ...kept, films: { pixels: first, count, height, width } };
}
