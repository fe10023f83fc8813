/**
 * The longest time that a timer waits while 20,000 tiny images in memory are scored. Processor time, so that other work of
 * the machine does not count; threads of Node that collect garbage do.
 *
 *     npx tsx benchmarks/bad-input/timers.ts
 *
 * A copy of this file in the same folder of an earlier version measures that version.
 */
import '@tensorflow/tfjs-backend-wasm';
import { arraySource, convAutoencoder, SaladModel } from 'salad-ad';
import { detectBackend } from 'salad-ad/backend';
import { enableWasmTraining } from 'salad-ad/wasm';

enableWasmTraining();
await detectBackend();
const images = (count: number) =>
  arraySource({
    pixels: Uint8Array.from({ length: 64 * count }, (_, p) => (p * 2654435761) % 251),
    shape: [8, 8, 1],
  });
const model = SaladModel.create({
  backbone: convAutoencoder({ inputShape: [8, 8, 1] }),
  seed: 1,
  pretrainEpochs: 1,
  rounds: 1,
  epochsPerRound: 1,
});
await model.fit(images(1000));

const films = images(20000);
const milliseconds = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
const started = milliseconds();
let [turn, longest, turns] = [started, 0, 0];
const endWait = () => {
  longest = Math.max(longest, milliseconds() - turn);
  turn = milliseconds();
};
const timer = setInterval(() => {
  turns += 1;
  endWait();
}, 1);
await model.score(films);
endWait();
clearInterval(timer);
const seconds = ((milliseconds() - started) / 1000).toFixed(1);
console.log(`${seconds} s, ${turns} turns, the longest wait ${Math.round(longest)} ms`);
