import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { check } from '../support/check.js';
import { SaladError } from '../support/errors.js';
import { weightBytes } from './weight-bytes.js';
import { writeWhole } from './write-whole.js';

const MODEL = 'model.json';
const WEIGHTS = /^weights-[0-9a-f]{16}\.bin(\.partial)?$/;
const LARGEST_BUFFER = 2 ** 30;

/**
 * Saves a model in a folder and loads it from there, without tfjs-node.
 *
 * The folder holds `model.json` in tfjs's own format and `weights-<hash of the content>.bin`, so a
 * browser loads the same files through `tf.io.http`. Each file is written beside its place and
 * renamed into it, weights first, and older weights are removed last: after a crash the folder holds
 * the previous model or the new one, whole. One writer at a time.
 *
 * @param folder made when missing
 * @returns a handler for `save` and `load` of a model or a detector
 * @throws on load NOT_A_MODEL, TRUNCATED_MODEL
 * @example
 * await model.save(fileSystem('models/chest'));
 * const same = await SaladModel.load(fileSystem('models/chest'));
 */
export function fileSystem(folder: string): Required<Pick<tf.io.IOHandler, 'save' | 'load'>> {
  return { save: (artifacts) => save(folder, artifacts), load: () => load(folder) };
}

async function save(folder: string, artifacts: tf.io.ModelArtifacts): Promise<tf.io.SaveResult> {
  const { weightSpecs = [], weightData = [], ...description } = artifacts;
  const modelArtifactsInfo = tf.io.getModelArtifactsInfoForJSON(artifacts);
  const chunks = [weightData].flat().map((buffer) => new Uint8Array(buffer));
  const hash = createHash('sha256');
  for (const chunk of chunks) hash.update(chunk);
  const weights = `weights-${hash.digest('hex').slice(0, 16)}.bin`;
  const manifest = [{ paths: [weights], weights: weightSpecs }];
  const json = JSON.stringify({ ...description, weightsManifest: manifest });

  await mkdir(folder, { recursive: true });
  await writeWhole(join(folder, weights), chunks);
  await writeWhole(join(folder, MODEL), [new TextEncoder().encode(json)]);
  for (const name of await readdir(folder))
    if (WEIGHTS.test(name) && name !== weights) await rm(join(folder, name), { force: true });
  return { modelArtifactsInfo };
}

async function load(folder: string): Promise<tf.io.ModelArtifacts> {
  const model = await readModel(join(folder, MODEL));
  const { weightsManifest, ...description } = model;
  const weightSpecs = weightsManifest.flatMap(({ weights }) => weights);
  const buffers: ArrayBuffer[] = [];
  for (const { paths } of weightsManifest)
    for (const path of paths) buffers.push(...(await readWeights(folder, path)));
  const bytes = buffers.reduce((sum, buffer) => sum + buffer.byteLength, 0);
  const expected = weightBytes(weightSpecs);
  check(
    expected === undefined || bytes === expected,
    'TRUNCATED_MODEL',
    () =>
      `fileSystem: the weights in '${folder}' are ${bytes} bytes; expected ${expected} by their ${MODEL}; copy the folder again, whole.`,
    { folder, bytes, expected },
  );
  const weightData = buffers.length > 1 ? buffers : (buffers[0] ?? new ArrayBuffer(0));
  return { ...description, weightSpecs, weightData };
}

async function readModel(path: string): Promise<tf.io.ModelJSON> {
  const problem = (what: string, cause?: unknown) =>
    new SaladError(
      'NOT_A_MODEL',
      `fileSystem: '${path}' ${what}; expected the ${MODEL} of a saved model; give the folder that save was given.`,
      { path },
      { cause },
    );
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if (isMissing(cause)) throw problem('does not exist', cause);
    throw cause;
  }
  let model: unknown;
  try {
    model = JSON.parse(text);
  } catch (cause) {
    throw problem('is not JSON', cause);
  }
  if (!isModel(model)) throw problem('has no manifest of weights in the same folder');
  return model;
}

function isModel(value: unknown): value is tf.io.ModelJSON {
  const manifest = (value as Partial<tf.io.ModelJSON> | null)?.weightsManifest;
  return (
    Array.isArray(manifest) &&
    manifest.every(
      (group) =>
        Array.isArray(group?.weights) &&
        Array.isArray(group.paths) &&
        // A file elsewhere is not of this model, whatever its manifest says.
        group.paths.every((path) => typeof path === 'string' && basename(path) === path),
    )
  );
}

/** The file's bytes, in several buffers where one could not hold them. */
async function readWeights(folder: string, name: string): Promise<ArrayBuffer[]> {
  const path = join(folder, name);
  const file = await open(path).catch((cause) => {
    if (!isMissing(cause)) throw cause;
    throw new SaladError(
      'TRUNCATED_MODEL',
      `fileSystem: '${path}' does not exist but ${MODEL} names it; expected both files; copy the folder again, whole.`,
      { path },
      { cause },
    );
  });
  try {
    const { size } = await file.stat();
    const buffers: ArrayBuffer[] = [];
    for (let start = 0; start < size; start += LARGEST_BUFFER)
      buffers.push(await readChunk(file, start, Math.min(LARGEST_BUFFER, size - start)));
    return buffers;
  } finally {
    await file.close();
  }
}

async function readChunk(file: FileHandle, start: number, length: number): Promise<ArrayBuffer> {
  const chunk = new Uint8Array(length);
  for (let done = 0; done < length; ) {
    const { bytesRead } = await file.read(chunk, done, length - done, start + done);
    if (bytesRead === 0) return chunk.buffer.slice(0, done);
    done += bytesRead;
  }
  return chunk.buffer;
}

function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
