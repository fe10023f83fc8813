import { nearShortcuts, shortcutText } from '../../splits/near-shortcuts.js';
import type { ReportInput } from '../content/report-input.js';
import type { ReportFigures } from '../figures/report-figures.js';
import { driftText, evidenceTable, windowsTable } from './drift-tables.js';
import { html, type Markup, trusted } from './markup.js';
import {
  calibrationTable,
  confusionTable,
  factsTable,
  leftOutTable,
  operatingPointsTable,
  problemsTable,
  resultsTable,
  subgroupsTable,
} from './tables.js';

/** A section of the page, with its place in the list of contents. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly parts: readonly Markup[];
}

/** The sections that there is data for, in order. */
export function sectionsOf(
  input: ReportInput,
  figures: ReportFigures,
  gallery: string | undefined,
): readonly Section[] {
  const { results = [], confusion, operatingPoints = [], calibration, subgroups = [] } = input;
  const { leftOut = [], problems = [], facts = [], drift } = input;
  const items = (input.gallery ?? []).flatMap((group) => group.items);
  const beside = items.some(({ nearest = [] }) => nearest.length > 0);
  const large = gallery?.includes('class="open"');
  return [
    section('results', 'Results', [
      results.length > 0 && resultsTable(results, input.resultsNote),
      nearText(input),
      confusion && confusionTable(confusion, input.confusionNote),
      row(
        figure('ROC curves', figures.roc),
        figure('Precision and recall', figures.precisionRecall),
        figure('Scores of the test images', figures.scores),
      ),
    ]),
    section('thresholds', 'Thresholds', [
      operatingPoints.length > 0 &&
        operatingPointsTable(operatingPoints, input.operatingPointsNote),
    ]),
    section('calibration', 'Calibration', [
      calibration && calibrationTable(calibration),
      row(
        figure('Predicted and observed probabilities', figures.reliability),
        figure('Net benefit of acting on the probabilities', figures.decisionCurve),
      ),
      figures.decisionCurve &&
        html`<p>A threshold probability weighs a false alarm against an anomaly found: acting at 0.1 means that one anomaly found is worth nine false alarms. The detector is of use where its line is the highest.</p>`,
    ]),
    section('subgroups', 'Subgroups', [
      figures.subgroups &&
        html`<p>Dots are areas under the ROC curve within a subgroup, bars their intervals; the dashed line is that of all images. In brackets: normal + abnormal images.</p>`,
      row(figure('Area under the ROC curve', figures.subgroups)),
      subgroups.length > 0 && subgroupsTable(subgroups),
    ]),
    section('shortcuts', 'Shortcuts', [
      figures.shortcuts &&
        html`<p>How well one attribute of the test images alone predicts the label, by the value that points to abnormal. A detector that is no better than that may have seen no more.</p>`,
      row(figure('One attribute alone', figures.shortcuts)),
    ]),
    section('split', 'Train, validation and test', [
      row(figure('Images by part, and what they are', figures.split)),
    ]),
    section('images', 'Images', [
      gallery !== undefined &&
        html`<p>Test images with their scores${beside ? '; with each, the training images nearest to it and the angle between their embeddings' : ''}.${large ? ' A click on a picture shows it whole, another one closes it.' : ''}</p>`,
      gallery !== undefined && input.mapsNote && html`<p>${input.mapsNote}</p>`,
      gallery !== undefined && trusted(gallery),
    ]),
    section('drift', 'Drift', [
      drift && driftText(drift),
      drift && row(figure('Evidence of a change, film by film', figures.drift)),
      drift && evidenceTable(drift),
      drift && drift.films > 0 && windowsTable(drift.windows),
    ]),
    section('embeddings', 'Embeddings', [
      figures.projection &&
        html`<p>Each point is an image. Only neighbourhoods mean something: sizes of clusters and the distances between them do not.${input.projectionNote ? ` ${input.projectionNote}` : ''}</p>`,
      row(figure('Projection of the embeddings', figures.projection)),
    ]),
    section('training', 'Training', [
      row(figure('Loss and validation by epoch', figures.trainingHistory)),
    ]),
    section('left-out', 'Left out', [
      leftOut.length > 0 && leftOutTable(leftOut),
      problems.length > 0 && problemsTable(problems),
    ]),
    section('run', 'Run', [facts.length > 0 && factsTable(facts)]),
  ].filter(({ parts }) => parts.length > 0);
}

/** Said where the result stands, since few readers come to the section of shortcuts. */
function nearText({ results: [detector] = [], shortcuts = [] }: ReportInput): Optional {
  if (!detector) return undefined;
  const near = nearShortcuts(detector.areaUnderRoc.estimate, shortcuts);
  if (near.length === 0) return undefined;
  return html`<p>One attribute alone reaches an AUC less than .05 below that of ${detector.name}, or above it: ${near.map(shortcutText).join(', ')}. The detector may have seen no more than that.</p>`;
}

type Optional = Markup | false | '' | undefined;

function section(id: string, title: string, parts: readonly Optional[]): Section {
  return { id, title, parts: parts.filter((part): part is Markup => Boolean(part)) };
}

function row(...figures: readonly (Markup | undefined)[]): Markup | undefined {
  const shown = figures.filter(Boolean);
  return shown.length > 0
    ? html`<div class="figures of-${shown.length}">${shown}</div>`
    : undefined;
}

function figure(caption: string, svg: string | undefined): Markup | undefined {
  return svg === undefined
    ? undefined
    : html`<figure><figcaption>${caption}</figcaption>${trusted(svg)}</figure>`;
}
