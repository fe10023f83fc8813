import { execFileSync } from 'node:child_process';
import { inject } from 'vitest';

/**
 * The body of a function `fitAndScore(tf, { arraySource, SaladModel })`: a fit of moments, and the scores of twelve images.
 * Plain JavaScript, to be run by whatever is tested.
 */
const body = `
  await tf.ready();
  const pixels = Uint8Array.from({ length: 12 * 64 }, (_, i) => (i * 7919) % 251);
  const images = arraySource({ pixels: pixels, shape: [8, 8, 1] });
  const model = SaladModel.create({
    backbone: { kind: 'convAutoencoder', inputShape: [8, 8, 1], channels: [2], embeddingSize: 4 },
    pretrainEpochs: 1, rounds: 1, epochsPerRound: 1, batchSize: 6, scoreNeighbors: 3, seed: 7,
  });
  await model.fit(images);
  const { scores } = await model.score(images);
  return Array.from(scores);`;

/** The function, as a declaration. */
export const fitAndScore = `async function fitAndScore(tf, { arraySource, SaladModel }) {${body}}`;

/** What one loads for it; `load` is 'require' or 'await import'. */
export const loaded = (load: string, backend: 'cpu' | 'wasm' = 'cpu'): string => `
  const tf = ${load}('@tensorflow/tfjs-core');
  ${load}('@tensorflow/tfjs-backend-${backend}');
  const library = ${load}('salad-ad');`;

/** The scores that this Node gives on the cpu backend. */
export function scoresHere(): number[] {
  const script = `${loaded('await import')} ${fitAndScore}
    console.log(JSON.stringify(await fitAndScore(tf, library)));`;
  const args = ['--input-type=module', '--eval', script];
  const printed = execFileSync(process.execPath, args, { cwd: inject('project') }).toString();
  return JSON.parse(printed.trim().split('\n').at(-1) as string);
}

/** The largest difference of two lists; NaN where one has a NaN or is longer. */
export const apart = (ours: readonly number[], theirs: readonly number[]): number =>
  ours.length === theirs.length
    ? Math.max(...ours.map((score, i) => Math.abs(score - theirs[i])))
    : Number.NaN;
