import { subset } from '../data/combine.js';
import { normalsOf } from '../data/normals.js';
import type { ImageSource } from '../images/image-source.js';
import type { ImageRecord } from '../records/image-record.js';
import { drawKnownAnomalies } from '../splits/known-anomalies.js';
import type { Learnable } from './choose.js';
import type { OpenedData } from './experiment-data.js';
import type { RunConfig } from './plan.js';

/**
 * What one run may learn from and choose by: the known anomalies drawn by its seed, and with `kinds` none
 * but those, in validation too, or the choice would know the unseen kinds.
 *
 * @throws INVALID_OPTION where there are too few anomalies, EMPTY_SET
 */
export function learnableOf(
  { train, validation, records }: OpenedData,
  { anomalies, detector, seed }: RunConfig,
): Learnable {
  const { ratio, form, kinds } = anomalies;
  const pool = known(train, records.train, kinds);
  const rows = drawKnownAnomalies(pool.labels as ArrayLike<number>, { ratio, form, seed });
  const drawn = subset(pool, rows);
  return {
    train: detector.knownAnomalies === 'leave out' ? normalsOf(drawn) : drawn,
    validation: known(validation, records.validation, kinds),
  };
}

/** The normal images, and the anomalies with these findings and no other. */
function known(
  source: ImageSource,
  records: readonly ImageRecord[],
  kinds: readonly string[] | undefined,
): ImageSource {
  if (!kinds) return source;
  const rows = records.flatMap(({ label, findings = [] }, i) =>
    label === 0 || (findings.length > 0 && findings.every((finding) => kinds.includes(finding)))
      ? [i]
      : [],
  );
  return subset(source, rows);
}
