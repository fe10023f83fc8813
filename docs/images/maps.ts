/**
 * Draws maps.png: three normal films with a lesion drawn in, three with pneumonia, and a row of maps for each method.
 *
 *   npx tsx docs/images/maps.ts
 */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import '@tensorflow/tfjs-backend-wasm';
import { detectBackend } from 'salad-ad/backend';
import { arraySource, type ImageBatch, type ImageShape, toUnitRange } from 'salad-ad/data';
import { anomalyMaps, encodePng, implantLesion, overlay } from 'salad-ad/explain';
import { enableWasmTraining } from 'salad-ad/wasm';
import { loadChestXrays } from '../../examples/chest-xray/data.js';
import { chestModel } from '../../examples/chest-xray/model.js';

/** What validation chose when the settings of the maps were. */
const chosen = { latentWeight: 0.3, scoreNeighbors: 100, keep: 'bestValidation' } as const;
const SIDE = 64;
const SCALE = 3;

await detectBackend();
enableWasmTraining();
const { train, validation } = await loadChestXrays({ anomalyRatio: 0, seed: 1 });
const model = chestModel({ size: 32, seed: 1, ...chosen });
await model.fit(train, { validation });

const rowsOf = (label: number) =>
  validation.ids.flatMap((_, row) => (validation.labels[row] === label ? [row] : [])).slice(0, 3);
const films: Float32Array[] = [];
for (const seed of rowsOf(0)) {
  const { image } = implantLesion(await validation.read([seed]), { seed, strength: 0.4 });
  films.push(image.pixels);
}
for (const row of rowsOf(1)) films.push(toUnitRange(await validation.read([row])));

const shape: ImageShape = [SIDE, SIDE, 1];
const pixels = new Float32Array(films.length * SIDE * SIDE);
for (const [i, film] of films.entries()) pixels.set(film, i * SIDE * SIDE);
const source = arraySource({ pixels, shape });
const nothing = { values: new Float32Array(1), height: 1, width: 1 };
const rows = [films.map((film) => overlay(batch(film), nothing))];
for (const method of ['gradient', 'occlusion', 'reconstruction'] as const) {
  const maps = await anomalyMaps(model, source, { method });
  rows.push(maps.map((map, i) => overlay(batch(films[i]), map)));
}

const width = films.length * SIDE * SCALE;
const height = rows.length * SIDE * SCALE;
const sheet = new Uint8Array(height * width * 3);
for (let y = 0; y < height; y++) {
  for (let x = 0; x < width; x++) {
    const tile = rows[Math.floor(y / (SIDE * SCALE))][Math.floor(x / (SIDE * SCALE))];
    const from = (Math.floor(y / SCALE) % SIDE) * SIDE + (Math.floor(x / SCALE) % SIDE);
    for (let c = 0; c < 3; c++) sheet[(y * width + x) * 3 + c] = tile.pixels[from * 3 + c];
  }
}
const png = await encodePng({ pixels: sheet, height, width, channels: 3 });
await writeFile(fileURLToPath(new URL('maps.png', import.meta.url)), png);

function batch(film: Float32Array): ImageBatch {
  return { pixels: film, shape };
}
