import { createHash } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { MODEL, readModelFolder } from './read-model-folder.js';
import { writeFailed, writeWhole } from './write-whole.js';

const WEIGHTS = /^weights-[0-9a-f]{16}\.bin(\.partial)?$/;

/**
 * Saves a model in a folder and loads it from there, without tfjs-node.
 *
 * The folder holds `model.json` in tfjs's own format and `weights-<hash of the content>.bin`, so a
 * browser loads the same files through `tf.io.http`. Each file is written beside its place and
 * renamed into it, weights first, and older weights are removed last: after a crash the folder holds
 * the previous model or the new one, whole. A save that fails leaves nothing of its own. One writer at a time.
 *
 * @param folder made when missing
 * @returns a handler for `save` and `load` of a model or a detector
 * @throws on load NOT_A_MODEL, TRUNCATED_MODEL, and MODEL_DAMAGED where the weights are not those that their name tells; on save
 *   WRITE_FAILED
 * @example
 * await model.save(fileSystem('models/chest'));
 * const same = await SaladModel.load(fileSystem('models/chest'));
 */
export function fileSystem(folder: string): Required<Pick<tf.io.IOHandler, 'save' | 'load'>> {
  return { save: (artifacts) => save(folder, artifacts), load: () => readModelFolder(folder) };
}

async function save(folder: string, artifacts: tf.io.ModelArtifacts): Promise<tf.io.SaveResult> {
  const where = 'fileSystem';
  const { weightSpecs = [], weightData = [], ...description } = artifacts;
  const modelArtifactsInfo = tf.io.getModelArtifactsInfoForJSON(artifacts);
  const chunks = [weightData].flat().map((buffer) => new Uint8Array(buffer));
  const hash = createHash('sha256');
  for (const chunk of chunks) hash.update(chunk);
  const weights = `weights-${hash.digest('hex').slice(0, 16)}.bin`;
  const manifest = [{ paths: [weights], weights: weightSpecs }];
  const json = JSON.stringify({ ...description, weightsManifest: manifest });

  const before = await readdir(folder).catch((): string[] => []);
  await writeWhole(where, join(folder, weights), chunks);
  try {
    await writeWhole(where, join(folder, MODEL), [new TextEncoder().encode(json)]);
  } catch (error) {
    if (!before.includes(weights)) await rm(join(folder, weights), { force: true });
    throw error;
  }
  try {
    for (const name of await readdir(folder))
      if (WEIGHTS.test(name) && name !== weights) await rm(join(folder, name), { force: true });
  } catch (error) {
    throw writeFailed(where, folder, error);
  }
  return { modelArtifactsInfo };
}
