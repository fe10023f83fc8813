import { fitThreshold } from 'salad-ad';
import { RandomStream } from 'salad-ad/data';
import { conformal } from 'salad-ad/metrics';

/** Scores of normal images, and the share of them that reach a threshold. */
interface ScoreKind {
  draw(random: RandomStream): number;
  reaching(threshold: number): number;
}

/** A promise is of ranks, so that all continuous distributions give the same; ties may only lower the rate. */
export const scoreKinds: Readonly<Record<string, ScoreKind>> = {
  uniform: {
    draw: (random) => random.uniform(),
    reaching: (threshold) => Math.min(1, Math.max(0, 1 - threshold)),
  },
  'heavy tails': {
    draw: (random) => Math.tan(Math.PI * (random.uniform() - 0.5)),
    reaching: (threshold) => 0.5 - Math.atan(threshold) / Math.PI,
  },
  'many ties': {
    draw: (random) => Math.floor(-2 * Math.log(1 - random.uniform())),
    reaching: (threshold) => Math.exp(-Math.max(0, Math.ceil(threshold)) / 2),
  },
};

/** What came of calibrations on n normals each. */
export interface KeptPromise {
  readonly normals: number;
  /** The rate that was asked for, and what so few normals promise. */
  readonly asked: number;
  readonly promised: number;
  /** Mean of the false alarm rates, and its standard error. */
  readonly rate: number;
  readonly error: number;
  /** The certificate at 95%, and the share of calibrations whose rate is above it. */
  readonly certified: number;
  readonly broken: number;
}

/** Calibrates again and again; the false alarm rate of each threshold is known exactly. */
export function keptPromise(
  kind: string,
  normals: number,
  asked: number,
  calibrations: number,
): KeptPromise {
  const { draw, reaching } = scoreKinds[kind];
  const random = new RandomStream(19, ['promises', kind, normals]);
  let [sum, squares, broken, promised, certified] = [0, 0, 0, 0, 0];
  for (let i = 0; i < calibrations; i++) {
    const scores = Float64Array.from({ length: normals }, () => draw(random));
    const found = fitThreshold(scores, { quantile: 1 - asked });
    const rate = reaching(found.value);
    promised = found.falseAlarmRate ?? Number.NaN;
    certified = found.certifiedFalseAlarmRate ?? Number.NaN;
    sum += rate;
    squares += rate * rate;
    if (rate > certified) broken += 1;
  }
  const mean = sum / calibrations;
  const error = Math.sqrt(Math.max(0, squares / calibrations - mean * mean) / calibrations);
  return { normals, asked, promised, rate: mean, error, certified, broken: broken / calibrations };
}

/** What came of selections at a false discovery rate. */
export interface KeptSelection {
  readonly normals: number;
  readonly asked: number;
  /** Mean share of normal images among the selected ones, 0 where none is, and its standard error. */
  readonly falseShare: number;
  readonly error: number;
  /** Mean share of the abnormal images that are selected. */
  readonly found: number;
}

/** Selects in batches of 160 normal images and 40 abnormal ones, which score three standard deviations higher. */
export function keptSelection(normals: number, asked: number, batches: number): KeptSelection {
  const random = new RandomStream(19, ['selections', normals]);
  const gaussians = (count: number, shift = 0) =>
    Array.from({ length: count }, () => random.gaussian() + shift);
  let [sum, squares, found] = [0, 0, 0];
  for (let i = 0; i < batches; i++) {
    const own = gaussians(normals);
    const pValues = conformal.pValues([...gaussians(160), ...gaussians(40, 3)], own);
    const { selected } = conformal.benjaminiHochberg(pValues, asked);
    const right = selected.slice(160).filter(Boolean).length;
    const all = selected.filter(Boolean).length;
    const share = all === 0 ? 0 : (all - right) / all;
    sum += share;
    squares += share * share;
    found += right / 40;
  }
  const mean = sum / batches;
  const error = Math.sqrt(Math.max(0, squares / batches - mean * mean) / batches);
  return { normals, asked, falseShare: mean, error, found: found / batches };
}
