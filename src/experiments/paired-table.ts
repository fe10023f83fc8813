import type { PairedComparison, PairedDifference } from './compare.js';
import { anomaliesText, signed, signedInterval, table } from './markdown.js';

/** One detector against the others. */
export function pairedTable(pairs: readonly PairedComparison[]): string {
  if (pairs.length === 0) return '';
  return [
    `AUC of ${pairs[0].reference} minus that of each other detector, by paired seeds. Over seeds: Student's t, 95%. Over images: bootstrap of the mean difference by patients where they are known, 95%. Better, worse, tied (holds 0 and is no wider than +-.02) and undecided go by the interval over seeds.`,
    table(
      [
        'known anomalies',
        'against',
        'choice',
        'difference',
        'over seeds',
        'over images',
        'verdict',
        'within texture quarters, over seeds',
        'over images',
        'within views, over seeds',
        'over images',
        'unseen kinds, over seeds',
        'over images',
      ],
      pairs.map((pair) => [
        anomaliesText(pair.anomalies),
        pair.detector,
        pair.choice,
        signed(pair.difference),
        signedInterval(pair.overSeeds),
        signedInterval(pair.overImages),
        pair.verdict,
        ...gainWithin(pair.withinTexture),
        ...gainWithin(pair.withinViews),
        ...gainWithin(pair.unseenKinds),
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
