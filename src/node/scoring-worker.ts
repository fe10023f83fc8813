import * as tf from '@tensorflow/tfjs-core';
import { sourceOfArrays } from '../data/array-source.js';
import { locatedReader } from '../data/image-job.js';
import type { ImageSource, LocatedImages } from '../images/image-source.js';
import type { ImageBatch } from '../images/pixels.js';
import { received } from '../images/read-images.js';
import type { ScoreOptions } from '../model/compare.js';
import type { ScoreResult } from '../model/results.js';
import { SaladModel } from '../model/salad-model.js';
import { enableWasmTraining } from '../wasm/index.js';

/** What every thread that scores is given as it starts. */
export interface ScorerStart {
  readonly artifacts: tf.io.ModelArtifacts;
  /** URL of the module that brings a backend. */
  readonly backend: string;
}

/** Images for one thread; with none it only gets ready. */
export interface ScoringJob {
  readonly images?: ImageBatch | LocatedImages;
  /** The call that the user made, for messages. */
  readonly where: string;
  readonly ids: readonly string[];
  readonly ownRows?: readonly number[];
  /** The group of each, where told. */
  readonly groups?: readonly string[];
  /** How their source makes them of files, and whose recipe counts. */
  readonly recipe?: {
    readonly of?: ScoreOptions['recipe'];
    readonly images?: ImageSource['recipe'];
  };
}

/** Their scores. */
export interface ScoredBatch {
  readonly result?: ScoreResult;
  readonly warnings: Parameters<NonNullable<ScoreOptions['onWarning']>>[0][];
}

type LoadOptions = Parameters<typeof SaladModel.load>[1];

/** Starts a backend and loads the model: what a thread does before its first images. */
export async function startScorer({
  artifacts,
  backend,
}: ScorerStart): Promise<(job: ScoringJob) => Promise<ScoredBatch>> {
  const { loadOptions } = (await import(backend)) as {
    loadOptions?: () => LoadOptions | Promise<LoadOptions>;
  };
  // The other cores have the pool's other threads.
  if (tf.findBackendFactory('wasm')) enableWasmTraining({ threads: 1 });
  // Where no backend starts, loading the model says so.
  await tf.ready().catch(() => {});
  const model = await SaladModel.load({ load: async () => artifacts }, await loadOptions?.());
  const read = locatedReader();
  return async ({ images, where, ids, ownRows, groups, recipe }) => {
    const warnings: ScoredBatch['warnings'] = [];
    if (!images) return { warnings };
    const batch =
      'module' in images ? await read({ where, indices: [...ids.keys()], ids }, images) : images;
    const onWarning: ScoreOptions['onWarning'] = (warning) => warnings.push(warning);
    const got = received({ where, indices: [...ids.keys()], ids }, batch);
    const source = sourceOfArrays(where, { ...got, ids, recipe: recipe?.images });
    const options = { ownRows, groups, recipe: recipe?.of, onWarning };
    const result = await model.score(source, options, where);
    return { result, warnings };
  };
}
