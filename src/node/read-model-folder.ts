import { createHash } from 'node:crypto';
import { type FileHandle, open, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type * as tf from '@tensorflow/tfjs-core';
import { check } from '../support/check.js';
import { SaladError } from '../support/errors.js';
import { aCount, aText, both, fields, type JsonRule, listOf } from '../support/json-rules.js';
import { weightBytes } from './weight-bytes.js';

/** The file of a saved model that names the others. */
export const MODEL = 'model.json';

const NAMED_BY_HASH = /^weights-([0-9a-f]{16})\.bin$/;
const LARGEST_BUFFER = 2 ** 30;

/**
 * The artifacts of a model saved in a folder. The sizes of its files are compared with what it declares before any is read, and the
 * content of each with the hash in its name.
 *
 * @throws NOT_A_MODEL | TRUNCATED_MODEL | MODEL_DAMAGED
 */
export async function readModelFolder(folder: string): Promise<tf.io.ModelArtifacts> {
  const model = await readModel(join(folder, MODEL));
  const { weightsManifest, ...description } = model;
  const weightSpecs = weightsManifest.flatMap(({ weights }) => weights);
  const names = weightsManifest.flatMap(({ paths }) => paths);
  const sizes = await Promise.all(names.map((name) => sizeOf(join(folder, name))));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  const expected = weightBytes(weightSpecs);
  check(
    expected === undefined || bytes === expected,
    'TRUNCATED_MODEL',
    () =>
      `fileSystem: the weights in '${folder}' are ${bytes} bytes; expected ${expected} by their ${MODEL}; copy the folder again, whole.`,
    { folder, bytes, expected },
  );
  const buffers: ArrayBuffer[] = [];
  for (const name of names) buffers.push(...(await readWeights(join(folder, name))));
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
    throw problem(isMissing(cause) ? 'does not exist' : `cannot be read (${reason(cause)})`, cause);
  }
  let model: tf.io.ModelJSON;
  try {
    model = JSON.parse(text);
  } catch (cause) {
    throw problem('is not JSON', cause);
  }
  const wrong = modelRule(model, '');
  if (wrong) throw problem(`has no manifest of weights in the same folder (${wrong})`);
  return model;
}

/** A file elsewhere is not of this model, whatever its manifest says; and one named twice would be read twice. */
const ofTheFolder: JsonRule = (value, at) => {
  const names = (value as tf.io.WeightsManifestConfig).flatMap(({ paths }) => paths);
  if (names.some((name) => basename(name) !== name)) return `${at} names a file elsewhere`;
  return new Set(names).size === names.length ? undefined : `${at} names a file twice`;
};

const modelRule = fields({
  weightsManifest: both(
    listOf(
      fields({
        paths: listOf(aText),
        weights: listOf(fields({ name: aText, dtype: aText, shape: listOf(aCount) })),
      }),
    ),
    ofTheFolder,
  ),
});

async function sizeOf(path: string): Promise<number> {
  const found = await stat(path).catch((cause) => {
    throw unreadable(path, cause);
  });
  if (!found.isFile()) throw unreadable(path, new Error('it is no plain file'));
  return found.size;
}

/** The file's bytes, in several buffers where one could not hold them. */
async function readWeights(path: string): Promise<ArrayBuffer[]> {
  const buffers: ArrayBuffer[] = [];
  try {
    const file = await open(path);
    try {
      const { size } = await file.stat();
      for (let start = 0; start < size; start += LARGEST_BUFFER)
        buffers.push(await readChunk(file, start, Math.min(LARGEST_BUFFER, size - start)));
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw unreadable(path, cause);
  }
  const [, named] = NAMED_BY_HASH.exec(basename(path)) ?? [];
  if (named === undefined) return buffers;
  const hash = createHash('sha256');
  for (const buffer of buffers) hash.update(new Uint8Array(buffer));
  const found = hash.digest('hex').slice(0, 16);
  check(
    found === named,
    'MODEL_DAMAGED',
    () =>
      `fileSystem: the SHA-256 of '${path}' begins with ${found}; expected ${named}, as its name says; the file is damaged: copy it again from where it is whole, or save the model again.`,
    { path, found, expected: named },
  );
  return buffers;
}

function unreadable(path: string, cause: unknown): SaladError {
  const what = isMissing(cause) ? 'does not exist' : `cannot be read (${reason(cause)})`;
  return new SaladError(
    'TRUNCATED_MODEL',
    `fileSystem: '${path}' ${what} but ${MODEL} names it; expected both files; copy the folder again, whole.`,
    { path },
    { cause },
  );
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

function reason(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? (error as Error).message;
}
