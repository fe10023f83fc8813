/**
 * What damage to a saved model comes to: 40 single flipped bits in its weights, a network of 4096 x 4096 pixels, and a
 * weights file that is named 2,000 times.
 *
 *     npx tsx benchmarks/bad-input/models.ts
 *
 * A copy of this file in the same folder of an earlier version measures that version.
 */
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { arraySource, SaladModel } from 'salad-ad';
import { fileSystem } from 'salad-ad/node';
import { RandomStream } from '../../src/support/random.js';

await tf.setBackend('cpu');
const folder = await mkdtemp(join(tmpdir(), 'models-'));
const fixture = new URL('../../test/fixtures/model-v1', import.meta.url).pathname;
await cp(fixture, folder, { recursive: true });
const { pixels } = JSON.parse(await readFile(join(fixture, 'scores.json'), 'utf8'));
const images = arraySource({ pixels: Uint8Array.from(pixels), shape: [8, 8, 1] });
const model = await SaladModel.load(fileSystem(folder));
await model.save(fileSystem(folder)); // with all that this version writes beside the weights
const { scores, abnormal } = await model.score(images);
const name = (await readdir(folder)).find((file) => file.endsWith('.bin')) as string;
const [weights, json] = [join(folder, name), join(folder, 'model.json')];

const bytes = await readFile(weights);
const stream = new RandomStream(1, ['measure']);
const outcomes = { told: 0, 'other scores': 0, 'other verdicts': 0, 'the same scores': 0 };
for (let i = 0; i < 40; i++) {
  const damaged = Uint8Array.from(bytes);
  const bit = stream.integer(8 * damaged.length);
  damaged[bit >> 3] ^= 1 << (bit & 7);
  await writeFile(weights, damaged);
  const loaded = await SaladModel.load(fileSystem(folder)).catch(() => undefined);
  if (!loaded) {
    outcomes.told += 1;
    continue;
  }
  const found = await loaded.score(images);
  loaded.dispose();
  if (found.scores.every((score, image) => score === scores[image]))
    outcomes['the same scores'] += 1;
  else outcomes['other scores'] += 1;
  if (String(found.abnormal) !== String(abnormal)) outcomes['other verdicts'] += 1;
}
console.log('40 flipped bits:', outcomes);
await writeFile(weights, bytes);

// Without a checksum, as version 0.1 wrote it: else that alone would tell.
const text = await readFile(json, 'utf8');
await refuse('inputShape 4096', (file) => {
  file.userDefinedMetadata.saladAd.backbone.inputShape = [4096, 4096, 1];
});
await refuse('2,000 times the same weights', (file) => {
  file.weightsManifest[0].paths = new Array(2000).fill(name);
});
await rm(folder, { recursive: true });

// biome-ignore lint/suspicious/noExplicitAny: a file is changed as JSON
async function refuse(what: string, change: (file: any) => void): Promise<void> {
  const file = JSON.parse(text);
  delete file.userDefinedMetadata.checksum;
  change(file);
  await writeFile(json, JSON.stringify(file));
  const [before, started] = [process.resourceUsage().maxRSS, performance.now()];
  const error = await SaladModel.load(fileSystem(folder)).catch((reason) => reason);
  const seconds = ((performance.now() - started) / 1000).toFixed(2);
  const grown = Math.round((process.resourceUsage().maxRSS - before) / 1024);
  console.log(`${what}: ${error.code} after ${seconds} s and ${grown} MiB`);
}
