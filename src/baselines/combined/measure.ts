import { spreadOf } from '../../core/combined-score.js';
import { normalsOf } from '../../data/normals.js';
import type { ImageSource } from '../../images/image-source.js';
import { labelsOf } from '../../learning/labels.js';
import { type CalibrationOptions, calibrated } from '../../model/calibrated.js';
import { groupsOf } from '../../model/image-groups.js';
import type { SaladModel } from '../../model/salad-model.js';
import { check } from '../../support/check.js';
import type { SaladWarning } from '../../support/warning.js';
import type { CombinedState } from './combined-file.js';
import { type Spreads, sums, sumsByOthers } from './combined-scores.js';
import { type TermValues, termValues } from './term-values.js';
import type { Term } from './terms.js';

/** By what terms are measured. */
interface Measuring {
  /** Names of models that were fitted before this detector was. */
  readonly before: readonly string[];
  readonly validation?: ImageSource;
  readonly calibration?: Omit<CalibrationOptions, 'onWarning'>;
  readonly signal?: AbortSignal;
  readonly onWarning?: (warning: SaladWarning) => void;
}

/**
 * Mean and deviation of each term over normals that made no bank, and the threshold of their sum: of validation normals, or, without them,
 * of training images beside the bank without their own rows, by which no threshold is set.
 */
export async function measure(
  where: string,
  models: Readonly<Record<string, SaladModel>>,
  terms: readonly Term[],
  train: ImageSource,
  { before, validation, calibration, signal, onWarning }: Measuring,
): Promise<CombinedState> {
  const read = validation && (await termValues(where, models, terms, validation, { signal }));
  const labels = validation ? labelsOf(validation) : [];
  const normals = read && someOf(read, (index) => !labels[index]);
  if (!validation || !read || !normals || normals.indices.length === 0) {
    checkBanksKnown(where, before);
    const rows = labelsOf(train).flatMap((abnormal, row) => (abnormal ? [] : [row]));
    const source = normalsOf(train, { allNormal: true });
    const options = { signal, ownRows: rows };
    return {
      spreads: spreadsOf(where, terms, await termValues(where, models, terms, source, options)),
    };
  }
  const spreads = spreadsOf(where, terms, normals);
  const anomalies = someOf(read, (index) => labels[index]);
  const own = sumsByOthers(terms, normals);
  const groups = groupsOf(where, calibration?.groups, validation);
  const inOrder = [...normals.indices, ...anomalies.indices];
  const known = {
    scores: [...own, ...sums(terms, spreads, anomalies)],
    abnormal: [...normals.indices.map(() => false), ...anomalies.indices.map(() => true)],
    groups: groups && inOrder.map((index) => groups[index]),
  };
  return { spreads, calibration: calibrated(where, known, { ...calibration, onWarning }) };
}

/** Where the training images stand in for validation normals, each is compared with the bank without its own rows: which those are must be known. */
export function checkBanksKnown(where: string, before: readonly string[]): void {
  check(
    before.length === 0,
    'INVALID_OPTION',
    () =>
      `${where}: the model ${before.join(', ')} was fitted before, so that nobody knows which images made its bank; expected validation images that hold normal ones that can be read, to measure the terms by.`,
  );
}

function spreadsOf(where: string, terms: readonly Term[], { values }: TermValues): Spreads {
  const spreads = terms.map(({ name }) => [
    name,
    spreadOf(where, `the term '${name}' of normal images`, values.get(name) as Float32Array),
  ]);
  return Object.fromEntries(spreads);
}

function someOf(
  { indices, values, problems }: TermValues,
  wanted: (index: number) => boolean,
): TermValues {
  const pick = (scores: Float32Array) => scores.filter((_, i) => wanted(indices[i]));
  const picked = new Map([...values].map(([name, scores]) => [name, pick(scores)]));
  return { indices: indices.filter(wanted), values: picked, problems };
}
