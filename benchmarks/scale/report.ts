/**
 * How long a report of many films takes to make and to open, and how large it is.
 *
 *   npm run build:browser && npx tsx benchmarks/scale/report.ts                        2,000 films, six of each group
 *   npm run build:browser && npx tsx benchmarks/scale/report.ts --shown 40 --side 512
 *
 * The films are the test films of the sample again and again, each time moved by a pixel. Writes output/report-of-many-films.html.
 */
import '@tensorflow/tfjs-backend-wasm';
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import { chromium } from 'playwright-core';
import { SaladModel } from 'salad-ad';
import { arraySource, type ImageSource } from 'salad-ad/data';
import { galleryOf } from 'salad-ad/explain';
import { delongInterval } from 'salad-ad/metrics';
import { fileSystem } from 'salad-ad/node';
import { assessScores, renderReport } from 'salad-ad/report';
import { enableWasmTraining } from 'salad-ad/wasm';
import { type SampleFilms, sampleFilms } from '../../examples/browser/sample-films.js';
import { chromiumPath } from '../../test/conformance/chromium.js';

const { values: flags } = parseArgs({
  options: {
    films: { type: 'string', default: '2000' },
    shown: { type: 'string', default: '6' },
    side: { type: 'string', default: '64' },
  },
});
const [count, shown, side] = [flags.films, flags.shown, flags.side].map(Number);
const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

enableWasmTraining();
await tf.setBackend('wasm');
const sample = await sampleFilms();
const films = manyFilms(sample.test);
const model = await SaladModel.load(fileSystem(at('examples/browser/public/sample')));
const result = await model.score(films);
const { scores: found } = await model.score(sample.validation.source);

let begun = process.cpuUsage();
const gallery = await galleryOf(model, {
  result,
  images: films,
  train: sample.train.source,
  shown,
});
tell('films worth a look', begun);
begun = process.cpuUsage();
const [scores, labels] = [Array.from(result.scores), Array.from(films.labels ?? [])];
const validation = { scores: Array.from(found), labels: [...sample.validation.labels] };
const page = await renderReport({
  title: `${count} films`,
  results: [{ name: 'SALAD', areaUnderRoc: delongInterval(scores, labels) }],
  ...assessScores({ scores, labels }, { validation, threshold: model.decisionThreshold }),
  gallery,
  history: model.history,
  facts: await model.runFacts(),
});
tell('the page', begun);
model.dispose();

await mkdir(at('output'), { recursive: true });
const file = at('output/report-of-many-films.html');
await writeFile(file, page);
const browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] });
const tab = await browser.newPage();
await tab.goto(`file://${file}`);
const opened = await tab.evaluate(() => performance.now());
await browser.close();
console.log(`${(page.length / 1e6).toFixed(1)} MB, open after ${(opened / 1000).toFixed(1)} s`);

/** The films so many times as it takes, larger where asked for. */
function manyFilms({ pixels: from, labels: of, source }: SampleFilms): ImageSource {
  const pixels = new Uint8Array(count * side * side);
  const scale = side / 64;
  for (let i = 0, to = 0; i < count; i++) {
    const film = (i % of.length) * 64 * 64;
    const moved = Math.floor(i / of.length);
    for (let y = 0; y < side; y++)
      for (let x = 0; x < side; x++, to++)
        pixels[to] =
          from[film + Math.floor(y / scale) * 64 + Math.min(63, Math.floor(x / scale) + moved)];
  }
  const labels = Uint8Array.from({ length: count }, (_, i) => of[i % of.length]);
  return { ...arraySource({ pixels, shape: [side, side, 1], labels }), recipe: source.recipe };
}

function tell(what: string, since: NodeJS.CpuUsage): void {
  const { user, system } = process.cpuUsage(since);
  console.log(`${what}: ${((user + system) / 1e6).toFixed(1)} s of processor time`);
}
