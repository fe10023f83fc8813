/**
 * The longest time that a timer waits while images in memory are scored, 20,000 tiny ones unless flags say otherwise. Processor time, so that other work of
 * the machine does not count; threads of Node that collect garbage do.
 *
 *     npx tsx benchmarks/bad-input/timers.ts
 *     npx tsx benchmarks/bad-input/timers.ts --size 224 --images 200
 *
 * A copy of this file in the same folder of an earlier version measures that version.
 */
import { parseArgs } from 'node:util';
import '@tensorflow/tfjs-backend-wasm';
import { arraySource, convAutoencoder, SaladModel } from 'salad-ad';
import { detectBackend } from 'salad-ad/backend';
import { enableWasmTraining } from 'salad-ad/wasm';

const { values: flags } = parseArgs({
  options: {
    size: { type: 'string', default: '8' },
    images: { type: 'string', default: '20000' },
  },
});
const size = Number(flags.size);
enableWasmTraining();
await detectBackend();
const images = (count: number) =>
  arraySource({
    pixels: Uint8Array.from({ length: size * size * count }, (_, p) => (p * 2654435761) % 251),
    shape: [size, size, 1],
  });
const model = SaladModel.create({
  backbone: convAutoencoder({ inputShape: [size, size, 1] }),
  seed: 1,
  pretrainEpochs: 1,
  rounds: 1,
  epochsPerRound: 1,
});
await model.fit(images(size > 8 ? 32 : 1000));

const films = images(Number(flags.images));
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
