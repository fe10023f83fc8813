/**
 * Makes what the page brings along: a model of the sample films, the films that it learnt, and what the gate compares with.
 *
 *   npx tsx examples/browser/make-model.ts            writes examples/browser/public/sample, in a few minutes
 *   npx tsx examples/browser/make-model.ts --quick    few epochs, to try the page
 *   npx tsx examples/browser/make-model.ts --keep     unless it is there already
 *
 * The seed is fixed, so that the files are the same every time on one kind of machine.
 */
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { SaladModel } from 'salad-ad';
import { detectBackend } from 'salad-ad/backend';
import { fileSystem } from 'salad-ad/node';
import { enableWasmTraining } from 'salad-ad/wasm';
import { sampleFilms } from './sample-films.js';
import { measureProfile } from './src/gate/measure-profile.js';
import { sampleSettings } from './src/training/settings.js';

const out = fileURLToPath(new URL('public/sample', import.meta.url));
if (process.argv.includes('--keep') && existsSync(`${out}/films.json`)) process.exit(0);
const isQuick = process.argv.includes('--quick');

await detectBackend({
  wasm: () => import('@tensorflow/tfjs-backend-wasm').then(() => enableWasmTraining()),
});
const { train, validation } = await sampleFilms();

const model = SaladModel.create({
  ...sampleSettings,
  ...(isQuick && { pretrainEpochs: 1, rounds: 1, epochsPerRound: 1 }),
});
await model.fit(train.source, { validation: validation.source, verbose: true });
const profile = await measureProfile(model, train.source, validation.normals);

// Written beside its place and renamed into it: no page ever finds half of it.
const partial = `${out}-${process.pid}`;
await mkdir(partial, { recursive: true });
await model.save(fileSystem(partial), { includeIds: true });
await writeFile(`${partial}/gate.json`, JSON.stringify(profile));
await writeFile(`${partial}/films.bin`, train.pixels);
await writeFile(`${partial}/validation.bin`, validation.pixels);
const facts = { side: 64, train: train.source.length, labels: validation.labels };
await writeFile(`${partial}/films.json`, JSON.stringify(facts));
await rm(out, { recursive: true, force: true });
await rename(partial, out);
console.log(`wrote ${out}`);
model.dispose();
