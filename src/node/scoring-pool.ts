import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type * as tf from '@tensorflow/tfjs-core';
import { received } from '../images/read-images.js';
import { handlerOf } from '../learning/artifacts.js';
import { asSource, type Images } from '../learning/as-source.js';
import { bytesOfWeights, joinedBytes } from '../learning/weight-data.js';
import { checkOwnRows, imagesUnreadable, type ScoreOptions } from '../model/compare.js';
import { warnOfShift } from '../model/domain-shift.js';
import { groupsOf, warnOfUnknownGroups } from '../model/image-groups.js';
import { INFERENCE_BATCH } from '../model/inference.js';
import { joinResults, type ScoreResult } from '../model/results.js';
import { checkKnownOptions } from '../support/check.js';
import { checkFunction, checkSignal } from '../support/check-kinds.js';
import { SaladError, withCall } from '../support/errors.js';
import { inParallel } from '../support/in-parallel.js';
import { paceOf } from '../support/pace.js';
import type { Progress } from '../support/progress.js';
import { unlessAborted } from '../support/unless-aborted.js';
import type { ScoredBatch, ScorerStart, ScoringJob } from './scoring-worker.js';
import { startThreads, type ThreadOptions, type Threads } from './worker-threads.js';

/** A model on several threads. */
export interface ScoringPool {
  /** How many threads score at once. */
  readonly concurrency: number;
  /**
   * Scores images as `SaladModel.score` does, with the same result.
   *
   * @param images a source, a batch or a tensor
   * @param options those of `SaladModel.score`, and `onProgress`; a `signal` that is aborted ends the call at once, and the
   *   pool stays usable
   * @returns one score for each image, in order
   */
  score(
    images: Images,
    options?: ScoreOptions & {
      /** Called after every batch; `done` and `total` count images; absent: nothing is called. */
      readonly onProgress?: (progress: Progress) => void;
    },
  ): Promise<ScoreResult>;
  /** Ends the threads. */
  dispose(): Promise<void>;
}

/**
 * Loads a saved model on several threads, each with a tensor backend of its own, so that scoring uses every core.
 *
 * For backends that run on one thread, as wasm does in Node; where wasm is the backend,
 * `enableWasmTraining` is called for its faster kernels. The scores are those of `SaladModel.score` with
 * the same backend and kernels, to the bit. Images are read by the calling thread, unless their source can `locate` them.
 *
 * @param handlerOrUrl where the model was saved, as for `SaladModel.load`
 * @param options `backend`; `concurrency` and `workerFile`
 * @returns the pool; dispose of it after use
 * @throws MISSING_PEER without the optional package tinypool | INVALID_OPTION | UNKNOWN_OPTION | whatever loading the model
 *   throws; its `score` throws EMPTY_SET, INDEX_OUT_OF_RANGE, INVALID_IMAGES, LABELS_MISMATCH, SHAPE_MISMATCH, UNKNOWN_OPTION,
 *   THREAD_ENDED where a thread ends by itself, and DISPOSED after `dispose`
 * @example
 * const pool = await scoringPool(fileSystem('models/chest'), { backend: '@tensorflow/tfjs-backend-wasm' });
 * const { ids, scores, abnormal } = await pool.score(films, { onProgress: console.log });
 * await pool.dispose();
 */
export async function scoringPool(
  handlerOrUrl: tf.io.IOHandler | string,
  options: ThreadOptions & {
    /**
     * The module that brings each thread its tensor backend: a package, '@tensorflow/tfjs-backend-wasm' say,
     * or the URL of a file of yours that imports one. If the model has a backbone or normalisation of your
     * own, or a frozen encoder, the file also exports `loadOptions()`, which returns the second argument of `SaladModel.load` or
     * a promise of it.
     */
    readonly backend: string | URL;
  },
): Promise<ScoringPool> {
  const where = 'scoringPool';
  checkKnownOptions(where, options, { backend: true, concurrency: true, workerFile: true });
  const data: ScorerStart = {
    backend: resolved(options.backend),
    artifacts: shared(await artifactsOf(where, handlerOrUrl)),
  };
  const threads = await startThreads<ScoringJob, ScoredBatch>(where, 'score', options, {
    data,
    queued: 1,
  });
  const { concurrency } = threads;
  try {
    const begun = Array.from({ length: concurrency }, () => threads.run(where, { where, ids: [] }));
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

async function artifactsOf(
  where: string,
  handlerOrUrl: tf.io.IOHandler | string,
): Promise<tf.io.ModelArtifacts> {
  try {
    return await handlerOf(where, handlerOrUrl, 'load').load!();
  } catch (error) {
    throw withCall(where, error);
  }
}

/** Warnings that need all images. */
const OF_ALL: readonly string[] = ['IMAGES_UNREADABLE', 'DOMAIN_SHIFT', 'GROUP_WITHOUT_NORMALS'];

async function scoreOn(
  threads: Threads<ScoringJob, ScoredBatch>,
  images: Images,
  options: NonNullable<Parameters<ScoringPool['score']>[1]> = {},
): Promise<ScoreResult> {
  const where = 'ScoringPool.score';
  checkKnownOptions(where, options, {
    ownRows: true,
    recipe: true,
    groups: true,
    onWarning: true,
    onProgress: true,
    signal: true,
  });
  const { ownRows, recipe, groups, onWarning, onProgress, signal } = options;
  checkFunction(where, 'onWarning', onWarning);
  checkFunction(where, 'onProgress', onProgress);
  checkSignal(where, signal);
  signal?.throwIfAborted();
  const source = await asSource(where, images);
  const rows = ownRows && Array.from(ownRows);
  checkOwnRows(where, rows, source);
  const groupOf = groupsOf(where, groups, source);
  const progress = paceOf(source.length);
  // The batches that one thread alone would take, so that no rounding differs.
  const batches = new Array<ScoreResult>(Math.ceil(source.length / INFERENCE_BATCH));
  let done = 0;
  const scoreBatch = async (batch: number) => {
    if (signal?.aborted) return;
    const first = batch * INFERENCE_BATCH;
    const end = Math.min(first + INFERENCE_BATCH, source.length);
    const indices = Array.from({ length: end - first }, (_, i) => first + i);
    const ids = source.ids.slice(first, end);
    const request = { where, indices: [...ids.keys()], ids };
    const found =
      source.locate?.(indices) ?? received(request, await source.read(indices, where), indices);
    if (signal?.aborted) return;
    const { result, warnings } = await threads.run(where, {
      images: found,
      where,
      ids,
      ownRows: rows?.slice(first, end),
      groups: groupOf?.slice(first, end),
      recipe: { of: recipe, images: source.recipe },
    });
    if (signal?.aborted) return;
    batches[batch] = result as ScoreResult;
    // One thread alone would warn once, and of all unreadable images together.
    const general = warnings.filter(({ code }) => !OF_ALL.includes(code));
    if (batch === 0) for (const warning of general) onWarning?.(warning);
    done += indices.length;
    onProgress?.(progress(done));
  };
  // One batch more than there are threads is on its way, so that none of them waits for it.
  const scoreAll = () => inParallel(threads.concurrency + 1, { end: batches.length }, scoreBatch);
  await unlessAborted(signal, scoreAll);
  const result = joinResults(batches);
  warnOfShift(where, result, source, onWarning);
  const { indices = [...result.ids.keys()], pValueGroups } = result;
  const named = groupOf && indices.map((index) => groupOf[index]);
  warnOfUnknownGroups(where, named, pValueGroups, onWarning);
  if (result.problems) onWarning?.(imagesUnreadable(where, result.problems.length, source.length));
  return result;
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
  const bytes = joinedBytes(bytesOfWeights(artifacts?.weightData));
  const weights = new SharedArrayBuffer(bytes.length);
  new Uint8Array(weights).set(bytes);
  // tfjs only reads it, which it does as of any buffer.
  return { ...artifacts, weightData: weights as unknown as ArrayBuffer };
}
