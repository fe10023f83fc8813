import { normalsOf, subset } from 'salad-ad/data';
import type { ExperimentData } from 'salad-ad/experiments';

/**
 * A set whose validation images are judged, its test images being nowhere: detectors learn from the normal training images. Where the
 * runner wants validation images stand anomalies of the training part, of patients without a normal film there; nothing
 * that sees no label looks at them.
 */
export function validationAsTest(data: ExperimentData): ExperimentData {
  const { train, validation, records } = data;
  const rowsOf = (label: number) =>
    Array.from(train.labels ?? []).flatMap((one, row) => (one === label ? [row] : []));
  const normal = rowsOf(0);
  const patientOf = (row: number) => records?.train[row].patient;
  const learnt = new Set(normal.flatMap((row) => patientOf(row) ?? []));
  const apart = rowsOf(1).filter((row) => !learnt.has(patientOf(row) ?? ''));
  return {
    train: normalsOf(train),
    validation: subset(train, apart),
    test: validation,
    ...(records && {
      records: {
        train: normal.map((row) => records.train[row]),
        validation: apart.map((row) => records.train[row]),
        test: records.validation,
      },
    }),
  };
}
