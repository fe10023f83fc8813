import * as tf from '@tensorflow/tfjs-core';
import { arraySource } from '../data/array-source.js';
import { locatedReader } from '../data/image-job.js';
import type { LocatedImages } from '../images/image-source.js';
import type { ImageBatch } from '../images/pixels.js';
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
  readonly ids: readonly string[];
  readonly ownRows?: readonly number[];
}

/** Their scores. */
export interface ScoringPart {
  readonly result?: ScoreResult;
  readonly warnings: Parameters<NonNullable<ScoreOptions['onWarning']>>[0][];
}

/** Starts a backend and loads the model: what a thread does before its first images. */
export async function startScorer({
  artifacts,
  backend,
}: ScorerStart): Promise<(job: ScoringJob) => Promise<ScoringPart>> {
  const { loadOptions } = (await import(backend)) as {
    loadOptions?: () => Parameters<typeof SaladModel.load>[1];
  };
  if (tf.findBackendFactory('wasm')) enableWasmTraining();
  // Where no backend starts, loading the model says so.
  await tf.ready().catch(() => {});
  const model = await SaladModel.load({ load: async () => artifacts }, loadOptions?.());
  const read = locatedReader();
  return async ({ images, ids, ownRows }) => {
    const warnings: ScoringPart['warnings'] = [];
    if (!images) return { warnings };
    const batch = 'pixels' in images ? images : await read(images);
    const onWarning: ScoreOptions['onWarning'] = (warning) => warnings.push(warning);
    const result = await model.score(arraySource({ ...batch, ids }), { ownRows, onWarning });
    return { result, warnings };
  };
}
