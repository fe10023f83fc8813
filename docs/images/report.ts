/**
 * Draws report.svg: four figures of the report on the example's test films.
 *
 *   npm run chest-xray && npx tsx docs/images/report.ts [folder of the model]
 */
import { writeFile } from 'node:fs/promises';
import '@tensorflow/tfjs-backend-wasm';
import { SaladModel } from 'salad-ad';
import { detectBackend } from 'salad-ad/backend';
import { fileSystem } from 'salad-ad/node';
import { assessScores, figures } from 'salad-ad/report';
import { type LabelledSource, loadChestXrays } from '../../examples/chest-xray/data.js';

await detectBackend();
const { validation, test } = await loadChestXrays({ anomalyRatio: 0, seed: 1 });
const model = await SaladModel.load(fileSystem(process.argv[2] ?? 'output/chest-xray/model'));
const { threshold, scores } = await model.score(test);
const scored = async (films: LabelledSource) => ({
  scores: (await model.score(films)).scores,
  labels: films.labels,
});
const drawn = await figures.ofReport({
  title: 'Chest X-rays',
  ...assessScores(
    { scores, labels: test.labels },
    { threshold, validation: await scored(validation) },
  ),
});

const places = [
  { title: 'ROC curve', svg: drawn.roc, x: 0, y: 0 },
  { title: 'Precision and recall', svg: drawn.precisionRecall, x: 500, y: 0 },
  { title: 'Scores of the test images', svg: drawn.scores, x: 0, y: 590 },
  { title: 'Predicted and observed probabilities', svg: drawn.reliability, x: 500, y: 590 },
];
const style = `
  svg { --paper: #ffffff; color: #1f2328; --salad-normal: #0072b2; --salad-abnormal: #d55e00; --salad-muted: #6b727b; --salad-accent: #5b3fa8 }
  @media (prefers-color-scheme: dark) {
    svg { --paper: #0d1117; color: #f0f6fc; --salad-normal: #56b4e9; --salad-abnormal: #f0932b; --salad-muted: #9aa2ac; --salad-accent: #b39df0 }
  }
  .title { font: 600 16px system-ui, sans-serif; fill: currentColor }`;
const out = places.map(
  ({ title, svg = '', x, y }) =>
    `<text x="${x + 24}" y="${y + 32}" class="title">${title}</text>${svg.replace('<svg', `<svg x="${x + 24}" y="${y + 46}"`)}`,
);
await writeFile(
  new URL('report.svg', import.meta.url),
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1000 1200" width="1000" height="1200" role="img" aria-label="Four figures of a report: ROC curve, precision and recall, scores by class, calibration">
<style>${style}
</style>
<rect width="1000" height="1200" rx="10" fill="var(--paper)"/>
${out.join('\n')}
</svg>
`,
);
