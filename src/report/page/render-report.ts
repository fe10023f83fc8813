import { checkObject } from '../../support/check.js';
import type { ReportInput } from '../content/report-input.js';
import { reportFigures } from '../figures/report-figures.js';
import { galleryFigure } from './gallery.js';
import { html, trusted } from './markup.js';
import { pageStyle } from './page-style.js';
import { sectionsOf } from './sections.js';

const notice =
  'Research software, not a medical device. The scores say how unlike the training images a picture is; they are not a diagnosis and must not guide the care of a patient.';

/** With fewer sections a list of them is longer than the way down. */
const fewestForContents = 4;

/**
 * Writes a run as one HTML page that needs nothing else: no network, no script, no other file.
 *
 * What has no data has no section. The same input gives the same text, byte for byte.
 *
 * @param input plain data; everything in it is escaped.
 * @returns the page's HTML.
 * @throws MISSING_PEER for '@observablehq/plot', 'linkedom' (outside a browser) or 'fast-png'; EMPTY_SET,
 * INVALID_OPTION, UNKNOWN_OPTION, SHAPE_MISMATCH, LABELS_MISMATCH, NOT_FINITE, INVALID_IMAGES
 * @example
 * const page = await renderReport({ title: 'Chest X-rays', facts: [{ name: 'seed', value: 7 }] });
 */
export async function renderReport(input: ReportInput): Promise<string> {
  checkObject('renderReport', 'input', input, 'an object with title');
  const { title, description, gallery = [] } = input;
  const shown = gallery.some(({ items }) => items.length > 0);
  const pictures = shown ? await galleryFigure(gallery) : undefined;
  const sections = sectionsOf(input, await reportFigures(input), pictures);
  const contents = sections.length < fewestForContents ? [] : sections;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${trusted(pageStyle)}</style>
</head>
<body>
<main>
<header>
<h1>${title}</h1>
${description ? html`<p>${description}</p>` : undefined}
<p class="notice" role="note">${notice}</p>
${contents.length > 0 ? html`<nav aria-label="Contents"><ul>${contents.map((one) => html`<li><a href="#${one.id}">${one.title}</a></li>`)}</ul></nav>` : undefined}
</header>
${sections.map(
  ({ id, title, parts }) => html`
<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>
${parts}</section>`,
)}
</main>
</body>
</html>
`.text;
}
