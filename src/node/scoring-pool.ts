import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { handlerOf } from '../learning/artifacts.js';
import { asSource, type Images } from '../learning/as-source.js';
import { checkOwnRows, type ScoreOptions, unreadableWarning } from '../model/compare.js';
import { INFERENCE_BATCH } from '../model/inference.js';
import { joinResults, type ScoreResult } from '../model/results.js';
import { checkKnownOptions } from '../support/check.js';
import { SaladError } from '../support/errors.js';
import { paceOf } from '../support/pace.js';
import type { Progress } from '../support/progress.js';
import type { ScorerStart, ScoringJob, ScoringPart } from './scoring-worker.js';
import { startThreads, type ThreadOptions, type Threads } from './worker-threads.js';

/** Options of a pool that scores. */
export interface ScoringPoolOptions extends ThreadOptions {
  /**
   * The module that brings each thread its tensor backend: a package, '@tensorflow/tfjs-backend-wasm' say,
   * or the URL of a file of yours that imports one. Where the model has a backbone or normalisation of your
   * own, the file also exports `loadOptions()`, which returns the second argument of `SaladModel.load`.
   */
  readonly backend: string | URL;
}

/** Options of a call that scores on threads. */
export interface PooledScoreOptions extends ScoreOptions {
  readonly onProgress?: (progress: Progress) => void;
  /** Rejects with `signal.reason` at once; the pool stays usable. */
  readonly signal?: AbortSignal;
}

/** A model on several threads. */
export interface ScoringPool {
  /** Threads. */
  readonly concurrency: number;
  /** As `SaladModel.score`: the same result, image by image in order. */
  score(images: Images, options?: PooledScoreOptions): Promise<ScoreResult>;
  dispose(): Promise<void>;
}

/**
 * A saved model on several threads, each with a tensor backend of its own, so that scoring uses every core.
 *
 * For backends that run on one thread, as wasm does in Node; where wasm is the backend,
 * `enableWasmTraining` is called for its faster kernels. The scores are those of `SaladModel.score` with
 * the same backend and kernels, to the bit. Images are read here, unless their source can `locate` them.
 *
 * @param handlerOrUrl where the model was saved, as for `SaladModel.load`
 * @throws MISSING_PEER without the optional package tinypool | INVALID_OPTION | whatever loading the model throws
 * @example
 * const pool = await scoringPool(fileSystem('models/chest'), { backend: '@tensorflow/tfjs-backend-wasm' });
 * const { ids, scores, abnormal } = await pool.score(films, { onProgress: console.log });
 * await pool.dispose();
 */
export async function scoringPool(
  handlerOrUrl: tf.io.IOHandler | string,
  options: ScoringPoolOptions,
): Promise<ScoringPool> {
  const where = 'scoringPool';
  checkKnownOptions(where, options, ['backend', 'concurrency', 'workerFile']);
  const data: ScorerStart = {
    backend: resolved(options.backend),
    artifacts: shared(await handlerOf(where, handlerOrUrl, 'load').load!()),
  };
  const threads = await startThreads<ScoringJob, ScoringPart>(where, 'score', options, {
    data,
    queued: 1,
  });
  const { concurrency } = threads;
  try {
    const begun = Array.from({ length: concurrency }, () => threads.run({ where, ids: [] }));
    await Promise.all(begun);
  } catch (error) {
    await threads.stop();
    throw error;
  }
  return {
    concurrency,
    score: (images, scoreOptions) => scoreOn(threads, images, scoreOptions),
    dispose: () => threads.stop(),
  };
}

async function scoreOn(
  threads: Threads<ScoringJob, ScoringPart>,
  images: Images,
  options: PooledScoreOptions = {},
): Promise<ScoreResult> {
  const where = 'ScoringPool.score';
  checkKnownOptions(where, options, ['ownRows', 'onWarning', 'onProgress', 'signal']);
  const { ownRows, onWarning, onProgress, signal } = options;
  signal?.throwIfAborted();
  const source = await asSource(where, images);
  const rows = ownRows && Array.from(ownRows);
  checkOwnRows(where, rows, source);
  const progress = paceOf(source.length);
  // The batches that one thread alone would take, so that no rounding differs.
  const parts = new Array<ScoreResult>(Math.ceil(source.length / INFERENCE_BATCH));
  let next = 0;
  let done = 0;
  let ended = false;
  const lane = async () => {
    while (next < parts.length && !ended) {
      const part = next++;
      const first = part * INFERENCE_BATCH;
      const end = Math.min(first + INFERENCE_BATCH, source.length);
      const indices = Array.from({ length: end - first }, (_, i) => first + i);
      const found = source.locate?.(indices) ?? (await source.read(indices, where));
      if (ended) return;
      const { result, warnings } = await threads.run({
        images: found,
        where,
        ids: source.ids.slice(first, end),
        ownRows: rows?.slice(first, end),
      });
      if (ended) return;
      parts[part] = result as ScoreResult;
      // One thread alone would warn once, and of all unreadable images together.
      const general = warnings.filter(({ code }) => code !== 'IMAGES_UNREADABLE');
      if (part === 0) for (const warning of general) onWarning?.(warning);
      done += indices.length;
      onProgress?.(progress(done));
    }
  };
  try {
    // One batch more than there are threads is on its way, so that none of them waits for it.
    const lanes = () => Promise.all(Array.from({ length: threads.concurrency + 1 }, lane));
    await unlessAborted(signal, lanes);
  } finally {
    ended = true;
  }
  const result = joinResults(parts);
  if (result.unreadable) onWarning?.(unreadableWarning(where, result.unreadable, source));
  return result;
}

/** `work`, or a rejection with the signal's reason as soon as it is aborted. */
async function unlessAborted<T>(
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  if (!signal) return work();
  signal.throwIfAborted();
  let abort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
  });
  try {
    return await Promise.race([aborted, work()]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** The URL of a module; a package is looked up from the working directory, then beside this one. */
function resolved(backend: string | URL): string {
  const text = String(backend);
  if (/^(file|data|node):/.test(text)) return text;
  try {
    const paths = [process.cwd(), dirname(fileURLToPath(import.meta.url))];
    return pathToFileURL(createRequire(import.meta.url).resolve(text, { paths })).href;
  } catch (cause) {
    throw new SaladError(
      'INVALID_OPTION',
      `scoringPool: backend is '${text}', which is not found from ${process.cwd()}; expected an installed package such as '@tensorflow/tfjs-backend-wasm', or the URL of a module, import.meta.resolve('${text}') say.`,
      { backend: text },
      { cause },
    );
  }
}

/** The model with its weights in memory that all threads share. */
function shared(artifacts: tf.io.ModelArtifacts): tf.io.ModelArtifacts {
  const bytes = new Uint8Array(tf.io.concatenateArrayBuffers([artifacts.weightData ?? []].flat()));
  const weights = new SharedArrayBuffer(bytes.byteLength);
  new Uint8Array(weights).set(bytes);
  // tfjs only reads it, which it does as of any buffer.
  return { ...artifacts, weightData: weights as unknown as ArrayBuffer };
}
