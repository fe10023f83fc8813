import { formatEstimate, formatNumber } from './format.js';
import { html, type Markup } from './markup.js';
import type { Fact, OperatingCounts, ResultRow } from './report-input.js';

/** Facts of the run, one a row. */
export function factsTable(facts: readonly Fact[]): Markup {
  return html`<table class="facts"><tbody>${facts.map(
    ({ name, value, code }) => html`
<tr><th scope="row">${name}</th><td>${code ? html`<code>${value}</code>` : value}</td></tr>`,
  )}</tbody></table>`;
}

/** One scorer a row: areas with their intervals; a column that no row fills is left out. */
export function resultsTable(rows: readonly ResultRow[], note?: string): Markup {
  const precision = rows.some((row) => row.averagePrecision !== undefined);
  const distinct = rows.some((row) => row.distinctScores !== undefined);
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Results by scorer"><table class="numbers">${note ? html`<caption>${note}</caption>` : undefined}
<thead><tr><th scope="col">scorer</th><th scope="col">AUC</th>${precision ? html`<th scope="col">AUPRC</th>` : undefined}${distinct ? html`<th scope="col">distinct scores</th>` : undefined}</tr></thead>
<tbody>${rows.map(
    (row) => html`
<tr><th scope="row">${row.name}</th><td>${formatEstimate(row.areaUnderRoc)}</td>${precision ? html`<td>${formatEstimate(row.averagePrecision)}</td>` : undefined}${distinct ? html`<td>${row.distinctScores ?? '–'}</td>` : undefined}</tr>`,
  )}</tbody></table></div>`;
}

/** Counts of the two classes on either side of the threshold, and the rates they give. */
export function confusionTable(counts: OperatingCounts): Markup {
  const { threshold, truePositives, falsePositives, trueNegatives, falseNegatives } = counts;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Counts at the threshold"><table class="numbers"><caption>Flagged: a score of ${formatNumber(threshold)} or above</caption>
<thead><tr><th scope="col">truth</th><th scope="col">not flagged</th><th scope="col">flagged</th><th scope="col">share told right</th></tr></thead>
<tbody>
<tr><th scope="row">normal</th><td>${trueNegatives}</td><td>${falsePositives}</td><td>${formatEstimate({ estimate: counts.specificity })} <small>specificity</small></td></tr>
<tr><th scope="row">abnormal</th><td>${falseNegatives}</td><td>${truePositives}</td><td>${formatEstimate({ estimate: counts.sensitivity })} <small>sensitivity</small></td></tr>
</tbody></table></div>`;
}
