import { galleryFigure } from './gallery.js';
import { html, type Markup, trusted } from './markup.js';
import { pageStyle } from './page-style.js';
import type { OperatingCounts, ReportInput } from './report-input.js';
import { rocFigure } from './roc-figure.js';
import { scoreHistogramFigure } from './score-histogram-figure.js';
import { confusionTable, factsTable, resultsTable } from './tables.js';
import { trainingFigure } from './training-figure.js';

const notice =
  'Research software, not a medical device. The scores say how unlike the training images a picture is; they are not a diagnosis and must not guide the care of a patient.';

/**
 * Writes a run as one HTML page that needs nothing else: no network, no script, no other file.
 *
 * A part without data has no section. The same input gives the same text, byte for byte.
 *
 * @param input plain data; everything in it is escaped.
 * @returns the page's HTML.
 * @throws MISSING_PEER for '@observablehq/plot', 'linkedom' (outside a browser) or 'fast-png'; what the figures throw.
 * @example
 * const page = await renderReport({ title: 'Chest X-rays', facts: [{ name: 'seed', value: 7 }] });
 */
export async function renderReport(input: ReportInput): Promise<string> {
  const sections = [
    await resultsSection(input),
    await trainingSection(input),
    await gallerySection(input),
    factsSection(input),
  ];
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>${input.title}</title>
<style>${trusted(pageStyle)}</style>
</head>
<body>
<main>
<header>
<h1>${input.title}</h1>
${input.description ? html`<p>${input.description}</p>` : undefined}
<p class="notice" role="note">${notice}</p>
</header>
${sections}
</main>
</body>
</html>
`.text;
}

async function resultsSection(input: ReportInput): Promise<Markup | undefined> {
  const { results = [], resultsNote, rocCurves = [], scores, confusion } = input;
  const parts = [
    results.length > 0 ? resultsTable(results, resultsNote) : undefined,
    confusion && confusionTable(confusion),
  ];
  const figures: Markup[] = [];
  if (rocCurves.length > 0) {
    const operatingPoint = confusion && pointOf(confusion);
    figures.push(figure('ROC curves', await rocFigure({ curves: rocCurves, operatingPoint })));
  }
  if (scores && scores.scores.length > 0) {
    figures.push(figure('Scores of the test images', await scoreHistogramFigure(scores)));
  }
  if (figures.length > 0) parts.push(html`<div class="figures">${figures}</div>`);
  return section('results', 'Results', parts);
}

async function trainingSection({ history = [] }: ReportInput): Promise<Markup | undefined> {
  if (history.length === 0) return undefined;
  const training = figure('Loss and validation by epoch', await trainingFigure({ history }));
  return section('training', 'Training', [html`<div class="figures">${training}</div>`]);
}

async function gallerySection({ gallery = [] }: ReportInput): Promise<Markup | undefined> {
  if (gallery.every((group) => group.items.length === 0)) return undefined;
  return section('images', 'Images', [
    html`<p>Test images with their scores; beside each, the training images nearest to it and the angle between their embeddings.</p>`,
    trusted(await galleryFigure(gallery)),
  ]);
}

function factsSection({ facts = [] }: ReportInput): Markup | undefined {
  return facts.length > 0 ? section('run', 'Run', [factsTable(facts)]) : undefined;
}

function section(
  id: string,
  title: string,
  parts: readonly (Markup | undefined)[],
): Markup | undefined {
  if (parts.every((part) => part === undefined)) return undefined;
  return html`
<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>
${parts}</section>`;
}

function figure(caption: string, svg: string): Markup {
  return html`<figure><figcaption>${caption}</figcaption>${trusted(svg)}</figure>`;
}

function pointOf({ sensitivity, specificity }: OperatingCounts) {
  return { falsePositiveRate: 1 - specificity, truePositiveRate: sensitivity };
}
