import {
  arraySource,
  type ImageRecord,
  type ImageSource,
  RandomStream,
  subset,
} from 'salad-ad/data';
import type { ExperimentData } from 'salad-ad/experiments';

/** Images to learn from and images to judge; the test part of a set has no way in. */
export interface Fold {
  readonly train: ImageSource;
  readonly validation: ImageSource;
  /** Patient of each validation image; a name of its own where none is known. */
  readonly patients: readonly string[];
  /** View of each validation image, where known. */
  readonly views?: readonly string[];
}

interface Known {
  readonly source: ImageSource;
  readonly records: readonly ImageRecord[];
  readonly abnormal: readonly number[];
  readonly pool: readonly number[];
}

/**
 * Training and validation images divided anew: each fold judges a share of the normal patients, which it does not
 * learn from, and every anomaly; with `keepPool` the anomalies of the training part are left to learn from. An anomaly of
 * a patient whose normal image was learnt is judged all the same: 15 of the 165 knees, none of the chest films.
 */
export async function normalFolds(
  data: ExperimentData,
  { folds, keepPool }: { readonly folds: number; readonly keepPool: boolean },
): Promise<Fold[]> {
  const { source, records, abnormal, pool } = await together(data);
  const normals = records.flatMap((_, i) => (source.labels?.[i] ? [] : [i]));
  const learnt = keepPool ? pool : [];
  const judged = abnormal.filter((i) => !learnt.includes(i));
  const fold = (train: readonly number[], validation: readonly number[]): Fold => {
    const views = validation.map((i) => records[i].view ?? '');
    return {
      train: subset(source, [...train, ...learnt]),
      validation: subset(source, validation),
      patients: validation.map((i) => records[i].patient ?? String(i)),
      ...(views.every((view) => view !== '') && { views }),
    };
  };
  if (folds === 1) {
    const first = data.train.length;
    const own = (part: (i: number) => boolean) => normals.filter(part);
    return [
      fold(
        own((i) => i < first),
        [...own((i) => i >= first), ...abnormal.filter((i) => i >= first)],
      ),
    ];
  }
  const patients = [...new Set(normals.map((i) => records[i].patient ?? String(i)))];
  const order = new RandomStream(7, ['folds']).permutation(patients.length);
  const foldOf = new Map(Array.from(order, (at, i) => [patients[at], i % folds]));
  const isIn = (i: number, f: number) => foldOf.get(records[i].patient ?? String(i)) === f;
  return Array.from({ length: folds }, (_, f) =>
    fold(
      normals.filter((i) => !isIn(i, f)),
      [...normals.filter((i) => isIn(i, f)), ...judged],
    ),
  );
}

/** Training images, then validation images, in memory. */
async function together({ train, validation, records }: ExperimentData): Promise<Known> {
  const batches = await Promise.all(
    [train, validation].map((part) => part.read(Array.from({ length: part.length }, (_, i) => i))),
  );
  const pixels = new Float32Array(batches.reduce((sum, { pixels }) => sum + pixels.length, 0));
  pixels.set(batches[0].pixels as Float32Array);
  pixels.set(batches[1].pixels as Float32Array, batches[0].pixels.length);
  const labels = [train, validation].flatMap((part) => Array.from(part.labels ?? []));
  const all: readonly ImageRecord[] = records
    ? [...records.train, ...records.validation]
    : labels.map((_, i) => ({ path: String(i) }));
  const abnormal = labels.flatMap((label, i) => (label ? [i] : []));
  return {
    source: arraySource({ pixels, shape: batches[0].shape, labels }),
    records: all,
    abnormal,
    pool: abnormal.filter((i) => i < train.length),
  };
}
