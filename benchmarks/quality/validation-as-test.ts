import { subset } from 'salad-ad/data';
import type { ExperimentData } from 'salad-ad/experiments';

/**
 * A set whose validation images are judged, its test images being nowhere: detectors learn from the normal training images. Where the
 * runner wants validation images stand anomalies of the training part, of patients without a normal film there, or where there are none
 * the films of one patient, who is then not learnt from; nothing that sees no label looks at them.
 */
export function validationAsTest(data: ExperimentData): ExperimentData {
  const { train, validation, records } = data;
  const rowsOf = (label: number) =>
    Array.from(train.labels ?? []).flatMap((one, row) => (one === label ? [row] : []));
  const patientOf = (row: number) => records?.train[row].patient ?? `film ${row}`;
  const patients = new Set(rowsOf(0).map(patientOf));
  const abnormal = rowsOf(1).filter((row) => !patients.has(patientOf(row)));
  const [first] = patients;
  const apart =
    abnormal.length > 0 ? abnormal : rowsOf(0).filter((row) => patientOf(row) === first);
  const normal = rowsOf(0).filter((row) => !apart.includes(row));
  return {
    train: subset(train, normal),
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
