/**
 * Do maps point at what made the score rise? Soft bright spots of known place are drawn into the normal test
 * films, and each method's map is asked for its highest pixel.
 *
 *   npx tsx benchmarks/quality/maps.ts
 *
 * Settings of the maps were chosen on validation films. Writes maps.md beside this file.
 */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import '@tensorflow/tfjs-backend-wasm';
import type { SaladModel } from 'salad-ad';
import { detectBackend } from 'salad-ad/backend';
import { arraySource, type ImageSource, normalsOf, RandomStream } from 'salad-ad/data';
import { anomalyMaps, implantLesion, pointing } from 'salad-ad/explain';
import { areaUnderRoc, bootstrapInterval } from 'salad-ad/metrics';
import { enableWasmTraining } from 'salad-ad/wasm';
import { loadChestXrays } from '../../examples/chest-xray/data.js';
import { chestModel } from '../../examples/chest-xray/model.js';

/** What validation chose when the settings of the maps were. */
const chosen = { latentWeight: 0.3, scoreNeighbors: 100, keep: 'bestValidation' } as const;
const SEEDS = [1, 2, 3];
const STRENGTHS = [0.1, 0.2, 0.3, 0.4];
const SIDE = 64;

type Lesion = ReturnType<typeof implantLesion>;

interface Film {
  readonly lesion: Lesion;
  readonly hit: number;
  readonly inside: number;
}

await detectBackend();
enableWasmTraining();
const lines = [
  '# Where maps point',
  '',
  '`npx tsx benchmarks/quality/maps.ts`. A soft bright spot (`implantLesion`, default size) is drawn into each of the 357 normal test',
  `films of examples/data/chest-xray; models of 32 px trained on normal films alone, seeds ${SEEDS.join(', ')}, all films together. *Hit*: the`,
  "map's highest pixel lies in the lesion; 95% bootstrap interval over films. *Inside*: share of the map's sum. The random map is noise;",
  'the central one is a fixed Gaussian in the middle, where lesions are drawn. *AUC*: films with the',
  'lesion against the same films without.',
  '',
  '| strength | AUC | map | hit | inside |',
  '|---|---|---|---|---|',
];
const models: SaladModel[] = [];
const { train, validation, test } = await loadChestXrays({ anomalyRatio: 0, seed: 1 });
for (const seed of SEEDS) {
  const model = chestModel({ size: 32, seed, ...chosen });
  await model.fit(train, { validation });
  models.push(model);
}
const films = normalsOf(test);
for (const strength of STRENGTHS) {
  const lesions = await Promise.all(
    films.ids.map(async (_, i) => implantLesion(await films.read([i]), { seed: i, strength })),
  );
  const images = sourceOf(lesions);
  const area = mean(await Promise.all(models.map((model) => areaOf(model, films, images))));
  const rows: Record<string, Film[]> = { random: [], central: [] };
  for (const [m, model] of models.entries()) {
    for (const method of ['gradient', 'occlusion', 'reconstruction'] as const) {
      const maps = await anomalyMaps(model, images, { method });
      rows[method] = [...(rows[method] ?? []), ...maps.map((map, i) => filmOf(map, lesions[i]))];
    }
    lesions.forEach((lesion, i) => {
      rows.random.push(filmOf({ ...noise(i + 1000 * m), height: 32, width: 32 }, lesion));
      rows.central.push(filmOf({ ...centre(), height: 32, width: 32 }, lesion));
    });
  }
  for (const [name, found] of Object.entries(rows)) {
    // A film's hits by all models go together: they are no independent films.
    const hits = lesions.map((lesion) =>
      mean(found.filter((film) => film.lesion === lesion).map(({ hit }) => hit)),
    );
    const { lower, upper } = bootstrapInterval(
      (drawn) => mean(Array.from(drawn, (i) => hits[i])),
      hits.map(() => 0),
      { replicates: 1000 },
    );
    const inside = mean(found.map((film) => film.inside));
    lines.push(
      `| ${strength} | ${area.toFixed(3)} | ${name} | ${mean(hits).toFixed(3)} [${lower.toFixed(3)}, ${upper.toFixed(3)}] | ${inside.toFixed(3)} |`,
    );
    console.log(lines.at(-1));
  }
}
await writeFile(fileURLToPath(new URL('maps.md', import.meta.url)), `${lines.join('\n')}\n`);

function sourceOf(lesions: readonly Lesion[]): ImageSource {
  const pixels = new Float32Array(lesions.length * SIDE * SIDE);
  for (const [i, { image }] of lesions.entries()) pixels.set(image.pixels, i * SIDE * SIDE);
  return arraySource({ pixels, shape: [SIDE, SIDE, 1] });
}

async function areaOf(model: SaladModel, without: ImageSource, withLesion: ImageSource) {
  const [plain, changed] = [await model.score(without), await model.score(withLesion)];
  const labels = [...plain.scores.map(() => 0), ...changed.scores.map(() => 1)];
  return areaUnderRoc([...plain.scores, ...changed.scores], labels);
}

function filmOf(map: Parameters<typeof pointing>[0], lesion: Lesion): Film {
  const { hit, inside } = pointing(map, { mask: lesion.mask, height: SIDE, width: SIDE });
  return { lesion, hit: hit ? 1 : 0, inside };
}

function noise(seed: number) {
  const random = new RandomStream(seed, ['random-map']);
  return { values: Float32Array.from({ length: 1024 }, () => random.uniform()) };
}

function centre() {
  const values = Float32Array.from({ length: 1024 }, (_, i) =>
    Math.exp(-(((i % 32) - 15.5) ** 2 + (Math.floor(i / 32) - 15.5) ** 2) / 50),
  );
  return { values };
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}
