/**
 * Do maps point at what radiologists boxed? Models that learnt NIH's normal films, and each kind of map on the films with boxes
 * (BBox_List_2017), beside what needs no model. Nothing is chosen on these films: each map is as its defaults make it.
 *
 *   npx tsx benchmarks/quality/boxes.ts --part validation     films of the training pool and the validation part
 *       --part test         all of them, test films too
 *       --size 64           what SALAD's own network sees
 *       --seeds 1           fewer seeds than 3
 *
 * Writes boxes.md beside the tables of the tier cells, in results/cells/ or results/cells-validation/, and with --part test
 * the picture docs/images/boxes.png.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import '@tensorflow/tfjs-backend-wasm';
import { convAutoencoder, SaladModel } from 'salad-ad';
import { detectBackend } from 'salad-ad/backend';
import { csvRecords, normalsOf } from 'salad-ad/data';
import { efficientNetLite0 } from 'salad-ad/encoders';
import { anomalyMaps } from 'salad-ad/explain';
import { bootstrapInterval } from 'salad-ad/metrics';
import { recordSource } from 'salad-ad/node';
import { enableWasmTraining } from 'salad-ad/wasm';
import sharp from 'sharp';
import { table } from '../../src/experiments/markdown.js';
import { resize } from '../../src/images/resize.js';
import { type Overlap, overlapOf, type PointingMap } from './box-overlap.js';
import { drawBoxes } from './box-picture.js';
import { bodiesOf, centred, pixelBankMaps, referencesOf } from './box-references.js';
import { type Place, placesByFilm } from './boxed-films.js';
import { sides } from './cell-tier.js';
import { openers } from './data-sets.js';

const RANDOM_DRAWS = 20;
const SHOWN = 6;
const SIDE = sides['nih-cxr'];
const shrunk = { method: 'area', fit: 'stretch' } as const;
const enlarged = { method: 'bilinear', fit: 'stretch' } as const;

const { values: flags } = parseArgs({
  options: {
    part: { type: 'string', default: 'validation' },
    size: { type: 'string', default: '64' },
    seeds: { type: 'string', default: '3' },
  },
});
const side = Number(flags.size);
const seeds = Array.from({ length: Number(flags.seeds) }, (_, i) => i + 1);
const root = process.env.SALAD_AD_DATA;
if (!root) throw new Error('boxes.ts needs SALAD_AD_DATA, the folder with nih-cxr/boxes.csv');
if (!['validation', 'test'].includes(flags.part))
  throw new Error(`--part ${flags.part}; expected validation or test`);
const folder = new URL(
  flags.part === 'test' ? 'results/cells/' : 'results/cells-validation/',
  import.meta.url,
);

const places = placesByFilm(await readFile(join(root, 'nih-cxr/boxes.csv'), 'utf8'), SIDE);
const records = await csvRecords(await readFile(join(root, 'nih-cxr/index.csv')), {
  path: 'path',
  label: 'label',
  patient: 'patient',
  part: 'split',
  keys: false,
});
const boxed = records.filter(
  ({ path, part }) => places.has(basename(path)) && (flags.part === 'test' || part !== 'test'),
);
const placeOf = boxed.map(({ path }) => places.get(basename(path)) as Place);
const films = recordSource(root, boxed);
const { train } = await openers(SIDE)['nih-cxr']();
const normals = normalsOf(train);

await detectBackend();
enableWasmTraining();
const bodies = await bodiesOf(films);

/** Of each way to point, what it does on each film: of each seed or draw where there are several. */
const overlaps = new Map<string, Overlap[][]>();
/** The first map of each kind and film, for the picture. */
const pictured = new Map<string, readonly PointingMap[]>();
const add = (name: string, maps: readonly PointingMap[]) => {
  if (!pictured.has(name)) pictured.set(name, maps);
  const ofFilms = overlaps.get(name) ?? boxed.map(() => []);
  overlaps.set(name, ofFilms);
  maps.forEach((map, film) => {
    ofFilms[film].push(overlapOf(map, placeOf[film], bodies[film]));
  });
};

for (const seed of seeds) {
  const backbone = convAutoencoder({ inputShape: [side, side, 1], seed });
  const own = SaladModel.create({ backbone, score: 'both', resize: shrunk, seed });
  await own.fit(normals);
  for (const method of ['reconstruction', 'gradient', 'occlusion', 'cells'] as const)
    add(`SALAD, ${method}`, await anomalyMaps(own, films, { method }));
  own.dispose();
  const frozen = SaladModel.create({
    backbone: await efficientNetLite0(),
    score: 'both',
    resize: enlarged,
    seed,
  });
  await frozen.fit(normals);
  add('frozen encoder, cells', await anomalyMaps(frozen, films, { method: 'cells' }));
  // Its vectors are the same for every seed; only which cells the coreset keeps is drawn.
  if (seed === seeds[0])
    for (const method of ['gradient', 'occlusion'] as const)
      add(`frozen encoder, ${method}`, await anomalyMaps(frozen, films, { method }));
  frozen.dispose();
  console.log(`seed ${seed} of ${seeds.length} done`);
}
const small = centred((pixels, height, width) =>
  Float32Array.from(resize(pixels, [1, height, width, 1], [side, side], shrunk)),
);
add('pixel bank, difference', await pixelBankMaps(films, normals, small, side));
for (const film of boxed.keys()) {
  const references = await referencesOf(films, film, bodies[film], SIDE, RANDOM_DRAWS);
  for (const [name, maps] of Object.entries(references)) {
    const ofFilms = overlaps.get(name) ?? boxed.map(() => []);
    overlaps.set(name, ofFilms);
    for (const map of maps) ofFilms[film].push(overlapOf(map, placeOf[film], bodies[film]));
  }
}

const patients = boxed.map(({ patient }) => patient ?? '');
const measures = ['hit', 'iou', 'auc'] as const;
const rows = [...overlaps].map(([name, ofFilms]) => [
  name,
  ...measures.map((measure) => {
    // What several seeds or draws say of a film goes together: they are no independent films.
    const shares = ofFilms.map((all) => mean(all.map((one) => one[measure])));
    const { estimate, lower, upper } = bootstrapInterval(
      (drawn) => mean(Array.from(drawn, (film) => shares[film])),
      shares.map(() => 0),
      { replicates: 2000, groups: patients },
    );
    return `${estimate.toFixed(3)} [${lower.toFixed(3)}, ${upper.toFixed(3)}]`;
  }),
]);
const text = [
  `# What maps point at: ${boxed.length} NIH films with boxes of ${new Set(patients).size} patients`,
  `Made by \`npx tsx benchmarks/quality/boxes.ts --part ${flags.part} --size ${flags.size} --seeds ${flags.seeds}\`. Boxes of radiologists; several of a film are one place. SALAD learnt ${normals.length} normal films at ${side} px, seeds ${seeds.join(', ')} together; the frozen encoder's gradient and occlusion do not depend on the seed. 95% bootstrap intervals over patients.`,
  `*Hit*: share of films whose map is highest inside a box. *Overlap*: intersection over union of the boxes and of as many of the highest pixels. *AUC*: how often a pixel inside a box is higher than one outside, among the pixels of the body (\`stages.bodyPartMask\`). Random places are noise, as smooth as a map, ${RANDOM_DRAWS} draws a film.`,
  table(['map', 'hit', 'overlap', 'AUC'], rows),
].join('\n\n');
await mkdir(folder, { recursive: true });
await writeFile(new URL('boxes.md', folder), `${text}\n`);
console.log(text);
if (flags.part === 'test')
  await writeFile(
    new URL('../../docs/images/boxes.png', import.meta.url),
    await sharp(await drawBoxes(films, placeOf, pictured, SHOWN))
      .png({ palette: true, colours: 96 })
      .toBuffer(),
  );

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
