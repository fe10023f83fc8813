/**
 * Does the map of cells point at what radiologists boxed? Models that learnt NIH's normal films, and each method's map is asked for its
 * highest pixel on the films with boxes (BBox_List_2017).
 *
 *   npx tsx benchmarks/quality/boxes.ts --part validation     films of the training pool and the validation part
 *       --part test         all of them, test films too: once
 *       --size 64           what SALAD's own network sees
 *
 * Writes boxes.md beside the tables of the tier cells, in results/cells/ or results/cells-validation/.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import '@tensorflow/tfjs-backend-wasm';
import { convAutoencoder, SaladModel } from 'salad-ad';
import { detectBackend } from 'salad-ad/backend';
import { csvRecords, normalsOf } from 'salad-ad/data';
import { efficientNetLite0 } from 'salad-ad/encoders';
import { anomalyMaps, pointing } from 'salad-ad/explain';
import { bootstrapInterval } from 'salad-ad/metrics';
import { recordSource } from 'salad-ad/node';
import { enableWasmTraining } from 'salad-ad/wasm';
import { table } from '../../src/experiments/markdown.js';
import { centreMap, darkestMap, type Place, placesByFilm } from './boxed-films.js';
import { sides } from './cell-tier.js';
import { openers } from './data-sets.js';

const SEEDS = [1, 2, 3];
const shrunk = { method: 'area', fit: 'stretch' } as const;
const enlarged = { method: 'bilinear', fit: 'stretch' } as const;

const { values: flags } = parseArgs({
  options: {
    part: { type: 'string', default: 'validation' },
    size: { type: 'string', default: '64' },
  },
});
const root = process.env.SALAD_AD_DATA;
if (!root) throw new Error('boxes.ts needs SALAD_AD_DATA, the folder with nih-cxr/boxes.csv');
if (!['validation', 'test'].includes(flags.part))
  throw new Error(`--part ${flags.part}; expected validation or test`);
const folder = new URL(
  flags.part === 'test' ? 'results/cells/' : 'results/cells-validation/',
  import.meta.url,
);

const places = placesByFilm(
  await readFile(join(root, 'nih-cxr/boxes.csv'), 'utf8'),
  sides['nih-cxr'],
);
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
const films = recordSource(root, boxed);
const { train } = await openers(sides['nih-cxr'])['nih-cxr']();

await detectBackend();
enableWasmTraining();
/** Of each way to point, one list of hits a film: of each seed where there are several. */
const hits: Record<string, number[][]> = {};
const add = (name: string, maps: readonly Parameters<typeof pointing>[0][]) => {
  hits[name] ??= boxed.map(() => []);
  maps.forEach((map, film) => {
    hits[name][film].push(pointing(map, placeOf(film)).hit ? 1 : 0);
  });
};
for (const seed of SEEDS) {
  const side = Number(flags.size);
  const backbone = convAutoencoder({ inputShape: [side, side, 1], seed });
  const own = SaladModel.create({ backbone, score: 'both', resize: shrunk, seed });
  await own.fit(normalsOf(train));
  for (const method of ['cells', 'gradient', 'reconstruction'] as const)
    add(`SALAD, ${method}`, await anomalyMaps(own, films, { method }));
  own.dispose();
  const frozen = SaladModel.create({
    backbone: await efficientNetLite0(),
    score: 'cells',
    resize: enlarged,
    seed,
  });
  await frozen.fit(normalsOf(train));
  add('frozen encoder, cells', await anomalyMaps(frozen, films, { method: 'cells' }));
  frozen.dispose();
  console.log(`seed ${seed} of ${SEEDS.length} done`);
}
add(
  'centre',
  boxed.map(() => centreMap(sides['nih-cxr'])),
);
add('darkest spot', await Promise.all(boxed.map((_, film) => darkestMap(films, film))));
hits['random place'] = boxed.map((_, film) => [
  pointing(centreMap(sides['nih-cxr']), placeOf(film)).area,
]);

const rows = Object.entries(hits).map(([name, ofFilms]) => {
  // A film's hits by all seeds go together: they are no independent films.
  const shares = ofFilms.map(mean);
  const { lower, upper } = bootstrapInterval(
    (drawn) => mean(Array.from(drawn, (film) => shares[film])),
    shares.map(() => 0),
    { replicates: 1000 },
  );
  return [name, `${mean(shares).toFixed(3)} [${lower.toFixed(3)}, ${upper.toFixed(3)}]`];
});
const text = [
  `# What maps point at: ${boxed.length} NIH films with boxes`,
  `Made by \`npx tsx benchmarks/quality/boxes.ts --part ${flags.part} --size ${flags.size}\`. Share of films whose map is highest inside a radiologist's box (several boxes of a film are one place), seeds ${SEEDS.join(', ')} together, 95% bootstrap interval over films. A random place hits as often as the boxes are large.`,
  table(['map', 'hit'], rows),
].join('\n\n');
await mkdir(folder, { recursive: true });
await writeFile(new URL('boxes.md', folder), `${text}\n`);
console.log(text);

function placeOf(film: number) {
  return places.get(basename(boxed[film].path)) as Place;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
