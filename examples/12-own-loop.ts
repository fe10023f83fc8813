// A loop of your own, stopped half-way, saved and resumed: the result is that of a run never stopped.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import '@tensorflow/tfjs-backend-wasm';
import { SaladModel } from 'salad-ad';
import { detectBackend } from 'salad-ad/backend';
import { fileSystem } from 'salad-ad/node';
import { enableWasmTraining } from 'salad-ad/wasm';
import { syntheticFilms } from './support/synthetic-films.js';

enableWasmTraining();
await detectBackend(); // among those imported

const train = syntheticFilms({ count: 48, seed: 1 });
const test = syntheticFilms({ count: 6, anomalies: 3, seed: 2 });
const folder = await mkdtemp(join(tmpdir(), 'salad-ad-'));

function untrained(): SaladModel {
  return SaladModel.create({
    backbone: { kind: 'convAutoencoder', inputShape: [16, 16, 1], embeddingSize: 32 },
    pretrainEpochs: 2,
    rounds: 2,
    epochsPerRound: 2,
    batchSize: 16,
    scoreNeighbors: 10,
    seed: 7,
  });
}

// 1. Step by step, a checkpoint after every epoch, aborted within the fourth.
const first = untrained();
const abort = new AbortController();
const trainer = await first.trainer(train, { signal: abort.signal });
try {
  while (!trainer.done) {
    const { epoch, round, loss, epochEnd } = await trainer.step();
    if (!epochEnd && epoch === 3) abort.abort(new Error('out of time'));
    if (!epochEnd) continue;
    console.log(
      `epoch ${epoch}, round ${round}: loss ${loss.toFixed(4)}, ${epochEnd.anchors} anchors`,
    );
    await first.save(fileSystem(folder), { includeTraining: true });
  }
} catch (error) {
  if (error !== abort.signal.reason) throw error;
  console.log(`aborted in epoch ${trainer.epoch}: ${(error as Error).message}`);
}
first.dispose();

// 2. Another process would go on like this. The same images, in the same order, go in again.
const resumed = await SaladModel.load(fileSystem(folder));
console.log(`resuming after ${resumed.history.length} epochs`);
await resumed.fit(train, { resume: true });

// 3. A run that was never stopped, watched an epoch at a time.
const whole = untrained();
for await (const { done, total, secondsLeft } of whole.train(train)) {
  if (done === 1) console.log(`${total} epochs, about ${Math.ceil(secondsLeft)} s left`);
}

const [a, b] = [await resumed.score(test), await whole.score(test)];
const equal = a.scores.every((score, i) => score === b.scores[i]);
console.log(`resumed and uninterrupted scores are ${equal ? 'equal' : 'different'}`);
await rm(folder, { recursive: true });
