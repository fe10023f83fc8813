import { subset } from '../data/combine.js';
import { normalsOf } from '../data/normals.js';
import type { ImageSource } from '../images/image-source.js';
import type { ImageRecord } from '../records/image-record.js';
import { drawAnomalies } from '../splits/known-anomalies.js';
import type { Learnable } from './choose.js';
import type { OpenedData } from './experiment-data.js';
import type { RunConfig } from './run-config.js';

/**
 * What one run may learn from and choose by: the known anomalies drawn by its seed, and with `findings` none
 * but those, in validation too, or the choice would know the unseen findings.
 *
 * @throws INVALID_OPTION where there are too few anomalies, EMPTY_SET
 */
export function learnableOf(
  where: string,
  { train, validation, records }: OpenedData,
  {
    anomalies,
    detector,
    seed,
  }: Pick<RunConfig, 'anomalies' | 'seed'> & {
    readonly detector: Pick<RunConfig['detector'], 'knownAnomalies'>;
  },
): Learnable {
  const { ratio, form, findings } = anomalies;
  const pool = withFindings(train, records.train, findings);
  const rows = drawAnomalies(`${where}: anomalies`, pool.labels as ArrayLike<number>, {
    ratio,
    form,
    seed,
  });
  const drawn = subset(pool, rows);
  return {
    train: detector.knownAnomalies === 'leaveOut' ? normalsOf(drawn) : drawn,
    validation: withFindings(validation, records.validation, findings),
  };
}

/** The normal images, and the anomalies with these findings and no other. */
function withFindings(
  source: ImageSource,
  records: readonly ImageRecord[],
  known: readonly string[] | undefined,
): ImageSource {
  if (!known) return source;
  const rows = records.flatMap(({ label, findings = [] }, i) =>
    label === 0 || (findings.length > 0 && findings.every((finding) => known.includes(finding)))
      ? [i]
      : [],
  );
  return subset(source, rows);
}
