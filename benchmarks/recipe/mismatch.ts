/**
 * What another input recipe does to a model, on real films: it learns from portrait films that were stretched to a
 * square; test films are stretched too, padded (the default of sources), inverted, or read as 16 bits of which 12 are in use.
 *
 *     npx tsx benchmarks/recipe/mismatch.ts
 *
 * Prints, for each way, how many of the test normals are flagged, the test AUC, and what the library says.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import '@tensorflow/tfjs-backend-wasm';
import { type ImageSource, isSaladError, SaladModel } from 'salad-ad';
import { detectBackend } from 'salad-ad/backend';
import { toUnitRange } from 'salad-ad/data';
import { areaUnderRoc } from 'salad-ad/metrics';
import { recordSource } from 'salad-ad/node';
import { enableWasmTraining } from 'salad-ad/wasm';
import sharp from 'sharp';
import { loadChestXrays } from '../../examples/chest-xray/data.js';

const NORMALS = 400;
/** Columns that are left out at both sides, so that the films are portrait as most are. */
const MARGIN = 9;

enableWasmTraining();
await detectBackend();
const folder = await mkdtemp(join(tmpdir(), 'recipe-'));
const data = await loadChestXrays({ anomalyRatio: 0, seed: 1 });
const train = await written('train', data.train, NORMALS);
const validation = await written('validation', data.validation);
const test = await written('test', data.test);
const size = [32, 32] as const;
const stretch = { size, resize: { method: 'area', fit: 'stretch' } } as const;

const model = SaladModel.create({
  backbone: { kind: 'convAutoencoder', inputShape: [...size, 1] },
  seed: 1,
});
await model.fit(recordSource(folder, train, stretch), {
  validation: recordSource(folder, validation, stretch),
});

const labels = test.map(({ label }) => label);
const deep = test.map(({ path, ...record }) => ({
  ...record,
  path: path.replace('.png', '-12.png'),
}));
const ways: readonly (readonly [string, ImageSource])[] = [
  ['stretched', recordSource(folder, test, stretch)],
  ['padded', recordSource(folder, test, { size })],
  ['inverted', recordSource(folder, test, { ...stretch, transform: inverted })],
  ['12 of 16 bits', recordSource(folder, deep, stretch)],
  ['12 of 16 bits, bitsStored: 12', recordSource(folder, deep, { ...stretch, bitsStored: 12 })],
];
for (const [name, images] of ways) {
  const refused = await model.score(images).then(
    () => 'scored',
    (error) => (isSaladError(error) ? error.code : String(error)),
  );
  const warnings: string[] = [];
  const { scores, abnormal = [] } = await model.score(images, {
    recipe: 'source',
    onWarning: ({ code }) => warnings.push(code),
  });
  const flagged = abnormal.filter((yes, i) => yes && labels[i] === 0).length;
  const normals = labels.filter((label) => label === 0).length;
  console.log(
    `${name}: ${flagged} of ${normals} normals flagged, AUC ${areaUnderRoc(scores, labels).toFixed(3)}; ${refused}; insisted: ${warnings.join(', ') || 'no warning'}`,
  );
}
await rm(folder, { recursive: true });

function inverted<Image extends { pixels: ArrayLike<number> }>(image: Image): Image {
  return { ...image, pixels: Uint8Array.from(image.pixels, (value) => 255 - value) };
}

/** Films as PNG, cut to portrait: of 8 bits, and of 16 with 12 in use. */
async function written(part: string, films: ImageSource, most = films.length) {
  const count = Math.min(most, films.length);
  const batch = await films.read(Array.from({ length: count }, (_, i) => i));
  const [height, width] = batch.shape;
  const values = toUnitRange(batch);
  const cut = width - 2 * MARGIN;
  return Promise.all(
    Array.from({ length: count }, async (_, i) => {
      const film = Float32Array.from({ length: height * cut }, (_, p) => {
        const [y, x] = [Math.floor(p / cut), (p % cut) + MARGIN];
        return values[(i * height + y) * width + x];
      });
      const raw = { width: cut, height, channels: 1 } as const;
      const path = `${part}-${i}.png`;
      const bytes = Uint8Array.from(film, (value) => Math.round(255 * value));
      await sharp(bytes, { raw }).toColourspace('b-w').png().toFile(join(folder, path));
      const words = Uint16Array.from(film, (value) => Math.round(4095 * value));
      await sharp(words, { raw })
        .toColourspace('grey16')
        .png()
        .toFile(join(folder, path.replace('.png', '-12.png')));
      return { path, label: films.labels?.[i] ? (1 as const) : (0 as const) };
    }),
  );
}
