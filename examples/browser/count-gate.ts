/**
 * Counts what the gate of the page lets through, of films and of pictures that are none.
 *
 *   npx tsx examples/browser/count-gate.ts        after npm run build:browser
 */
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { SaladModel } from 'salad-ad';
import { detectBackend } from 'salad-ad/backend';
import { arraySource, type ImageBatch, imageSource } from 'salad-ad/data';
import { fileSystem, nodeImages } from 'salad-ad/node';
import { enableWasmTraining } from 'salad-ad/wasm';
import { sampleFilms } from './sample-films.js';
import type { FilmProfile } from './src/gate/profile.js';
import { distanceReason, reasonsAgainst } from './src/gate/reasons.js';
import { traitsOf } from './src/gate/traits.js';
import { recipe } from './src/training/sample-source.js';

const sample = new URL('public/sample/', import.meta.url);
const profile: FilmProfile = JSON.parse(await readFile(new URL('gate.json', sample), 'utf8'));
await detectBackend({
  wasm: () => import('@tensorflow/tfjs-backend-wasm').then(() => enableWasmTraining()),
});
const model = await SaladModel.load(fileSystem(fileURLToPath(sample)));

/** One picture after the other, 64 x 64 bytes each. */
type Pictures = readonly Uint8Array[];
const SIDE = 64;

const { validation, test } = await sampleFilms();
const picturesOf = ({ pixels }: { pixels: Uint8Array }): Pictures =>
  Array.from({ length: pixels.length / SIDE ** 2 }, (_, i) =>
    pixels.slice(i * SIDE ** 2, (i + 1) * SIDE ** 2),
  );
const withLabel = (films: typeof test, label: number) =>
  picturesOf(films).filter((_, i) => films.labels[i] === label);
const rotated = (picture: Uint8Array, quarters: number) => {
  let from = picture;
  for (let turn = 0; turn < quarters; turn++) {
    const before = from;
    from = Uint8Array.from(
      before,
      (_, i) => before[(SIDE - 1 - (i % SIDE)) * SIDE + Math.floor(i / SIDE)],
    );
  }
  return from;
};
const all = picturesOf(test);
await count('validation films, normal', withLabel(validation, 0));
await count('validation films, pneumonia', withLabel(validation, 1));
await count('test films, normal', withLabel(test, 0));
await count('test films, pneumonia', withLabel(test, 1));
await count(
  'test films, inverted',
  all.map((film) => film.map((value) => 255 - value)),
);
for (const quarters of [1, 2, 3])
  await count(
    `test films, turned by ${90 * quarters} degrees`,
    all.map((film) => rotated(film, quarters)),
  );
await count('NIH films of adults, from the front', await nihFilms());
model.dispose();

/** Prints how many of some pictures get no score, and why. */
async function count(name: string, pictures: Pictures): Promise<void> {
  const why = new Map<string, number>();
  const passed: Uint8Array[] = [];
  const note = (reason: string) => {
    const [kind] = reason.split(/[:,]/);
    why.set(kind, (why.get(kind) ?? 0) + 1);
  };
  for (const pixels of pictures) {
    const image: ImageBatch = { pixels, shape: [SIDE, SIDE, 1] };
    const [reason] = reasonsAgainst(traitsOf(image), profile);
    if (reason) note(reason);
    else passed.push(pixels);
  }
  if (passed.length > 0) {
    const pixels = Uint8Array.from(passed.flatMap((one) => Array.from(one)));
    const films = { ...arraySource({ pixels, shape: [SIDE, SIDE, 1] }), recipe };
    const { nearestAngles } = await model.score(films);
    for (const [nearest] of nearestAngles) {
      const reason = distanceReason(nearest, profile);
      if (reason) note(reason);
    }
  }
  const refused = [...why.values()].reduce((a, b) => a + b, 0);
  console.log(`| ${name} | ${pictures.length} | ${refused} |`);
  for (const [kind, times] of why) console.log(`    ${times} ${kind}`);
}

async function nihFilms(): Promise<Pictures> {
  const folder = new URL('../data/nih-cxr/images/', import.meta.url);
  const records = (await readdir(folder)).map((path) => ({ path }));
  const source = imageSource(records, {
    open: ({ path }) => readFile(new URL(path, folder)),
    decoders: [nodeImages()],
    size: [SIDE, SIDE],
    resize: recipe.resize,
  });
  const { pixels } = await source.read(records.map((_, i) => i));
  const top = pixels instanceof Float32Array ? 255 : 1;
  return picturesOf({ pixels: Uint8Array.from(pixels, (value) => value * top) });
}
