import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { loadDetector } from '../../src/baselines/index.js';
import { arraySource } from '../../src/data/array-source.js';
import { readNpz } from '../../src/data/npz.js';
import { fileSystem } from '../../src/node/file-system.js';
import { nodeImages } from '../../src/node/node-images.js';
import { isSaladError } from '../../src/support/errors.js';
import { Finding, MAX_PIXELS, unexpected } from './examine.js';
import type { Made } from './inputs.js';
import { unpacked } from './models.js';

/** Two images to score. */
const films = arraySource({
  pixels: Float32Array.from({ length: 2 * 64 }, (_, i) => ((i * 29) % 97) / 96),
  shape: [8, 8, 1],
  ids: ['a', 'b'],
});

/** What a file may be refused with; models of version 0.1 also when they score. */
const CODES = {
  model: [
    'FORMAT_VERSION',
    'INVALID_OPTION',
    'MODEL_DAMAGED',
    'NOT_A_MODEL',
    'SHAPE_MISMATCH',
    'TRUNCATED_MODEL',
    'UNKNOWN_OPTION',
  ],
  score: [
    'INVALID_EMBEDDING',
    'INVALID_IMAGES',
    'NOT_FINITE',
    'NOT_FITTED',
    'NO_ROWS_KEPT',
    'SHAPE_MISMATCH',
  ],
  checked: [
    'IMAGE_INVALID',
    'IMAGE_TOO_LARGE',
    'IMAGE_TRUNCATED',
    'IMAGE_UNREADABLE',
    'IMAGE_UNSUPPORTED',
    'INVALID_IMAGES',
  ],
};

/** Examines models and files with check sums. @throws Finding */
export async function createFileExaminer() {
  await tf.setBackend('cpu');
  const folder = join(tmpdir(), `salad-ad-fuzz-${process.pid}`);
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const expected = new Map<string, string>();
  const png = nodeImages();

  /** What the models score, in digits. */
  async function scored(bytes: Uint8Array, wanted: string): Promise<string> {
    const { json, weights } = unpacked(bytes);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    writeFileSync(join(folder, 'model.json'), json);
    // Under the name that the undamaged file gives them.
    writeFileSync(join(folder, wanted), weights);
    const before = tf.memory().numTensors;
    let stage: 'model' | 'score' = 'model';
    try {
      const model = await loadDetector(fileSystem(folder));
      try {
        stage = 'score';
        const { scores, ...rest } = await model.score(films);
        const { abnormal, normalized } = rest as {
          abnormal?: boolean[];
          normalized?: Float32Array;
        };
        return `${scores} ${abnormal} ${normalized}`;
      } finally {
        model.dispose();
      }
    } catch (error) {
      if (!isSaladError(error) || !CODES[stage].includes(error.code)) throw unexpected(error);
      return error.code;
    } finally {
      const left = tf.memory().numTensors - before;
      // biome-ignore lint/correctness/noUnsafeFinally: a tensor that is left is found whatever else was
      if (left !== 0) throw new Finding(`${left} tensors are left`);
    }
  }

  async function read(group: string, bytes: Uint8Array): Promise<string> {
    try {
      if (group === 'png') {
        const { shape, pixels } = await png.decode(bytes, { maxPixels: MAX_PIXELS });
        return `${shape} ${pixels}`;
      }
      const names = ['train_images', 'train_labels', 'deep'];
      const arrays = readNpz(bytes, names);
      return names.map((name) => `${arrays[name].shape} ${arrays[name].data}`).join();
    } catch (error) {
      if (!isSaladError(error) || !CODES.checked.includes(error.code)) throw unexpected(error);
      return error.code;
    }
  }

  async function outcomeOf(task: 'model' | 'checked', seed: Made['seed'], bytes: Uint8Array) {
    if (task === 'checked') return read(seed.group, bytes);
    const { json } = unpacked(seed.bytes);
    const { weightsManifest } = JSON.parse(new TextDecoder().decode(json));
    return scored(bytes, weightsManifest[0].paths[0]);
  }

  return async (task: 'model' | 'checked', { seed, bytes, mayDiffer }: Made): Promise<string> => {
    if (!expected.has(seed.name)) expected.set(seed.name, await outcomeOf(task, seed, seed.bytes));
    const found = await outcomeOf(task, seed, bytes);
    if (/^[A-Z_]+$/.test(found)) return found;
    if (found === expected.get(seed.name)) return 'ok';
    if (!mayDiffer) throw new Finding('is read as something else, without a word');
    return 'other';
  };
}
