import { checkObjects } from '../support/check.js';
import type { PairedComparison, PairedDifference } from './compare.js';
import { anomaliesText, choiceText, signed, signedInterval, table } from './markdown.js';

/**
 * Writes paired comparisons as a table in Markdown, a row each, below a line that says what the intervals are.
 *
 * @param pairs what `compareWith` returned
 * @returns Markdown; empty without pairs
 * @throws INVALID_OPTION
 * @example
 * const text = pairedTable(compareWith(results, { reference: 'SALAD' }));
 */
export function pairedTable(pairs: readonly PairedComparison[]): string {
  const members = ['anomalies', 'difference', 'overImages', 'verdict'];
  checkObjects('pairedTable', 'pairs', pairs, 'what compareWith returned', members);
  if (pairs.length === 0) return '';
  const oneSet = new Set(pairs.map(({ dataSet }) => dataSet)).size === 1;
  return [
    "AUC of a detector minus that of another, by paired seeds. Over seeds: Student's t, 95%. Over images: bootstrap of the mean difference by patients where they are known, 95%. Better, worse, tied (holds 0 and is no wider than +-.02) and undecided go by the interval over seeds.",
    table(
      [
        'data set',
        'known anomalies',
        'detector',
        'against',
        'choice',
        'difference',
        'over seeds',
        'over images',
        'verdict',
        'within texture quarters, over seeds',
        'over images',
        'within brightness quarters, over seeds',
        'over images',
        'within views, over seeds',
        'over images',
        'unseen findings, over seeds',
        'over images',
      ],
      pairs.map((pair) => [
        oneSet ? '' : pair.dataSet,
        anomaliesText(pair.anomalies),
        pair.reference,
        pair.detector,
        choiceText(pair.choice),
        signed(pair.difference),
        signedInterval(pair.overSeeds),
        signedInterval(pair.overImages),
        pair.verdict,
        ...gainWithin(pair.withinTexture),
        ...gainWithin(pair.withinBrightness),
        ...gainWithin(pair.withinViews),
        ...gainWithin(pair.unseenFindings),
      ]),
    ),
  ].join('\n\n');
}

function gainWithin(gain: PairedDifference | undefined): string[] {
  if (!gain) return ['', ''];
  const { difference, overSeeds, overImages } = gain;
  return [
    [signed(difference), signedInterval(overSeeds)].filter(Boolean).join(' '),
    signedInterval(overImages),
  ];
}
