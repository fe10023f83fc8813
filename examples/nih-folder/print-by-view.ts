import type { ImageRecord } from 'salad-ad/data';
import { areaUnderRocWithin } from 'salad-ad/metrics';

/** The area within each view, and over the pairs of films that share one, where the view is no help. */
export function printByView(records: readonly ImageRecord[], scores: ArrayLike<number>): void {
  const labels = records.map(({ label = 0 }) => label);
  const views = records.map(({ view = 'unknown' }) => view);
  const { estimate, strata } = areaUnderRocWithin(scores, labels, views);
  console.log('\nSALAD within views:');
  for (const { stratum, normalCount, anomalyCount, areaUnderRoc } of strata)
    console.log(
      `  ${stratum}  ${normalCount} normal, ${anomalyCount} abnormal, AUC ${areaUnderRoc?.toFixed(3) ?? '-'}`,
    );
  console.log(`  pairs of one view: AUC ${estimate.toFixed(3)}`);
}
