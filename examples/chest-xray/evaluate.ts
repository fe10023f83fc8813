import {
  type AreaInterval,
  areaUnderRocWithin,
  averagePrecision,
  type BootstrapInterval,
  bootstrapInterval,
  delongInterval,
  distinctScores,
  pick,
} from 'salad-ad/metrics';
import type { Estimate } from 'salad-ad/report';
import type { Quarters } from './quarters.js';

/** What one set of scores is worth on labelled images. */
export interface Evaluation {
  readonly scores: ArrayLike<number>;
  /** DeLong's 95% interval. */
  readonly areaUnderRoc: AreaInterval;
  /** 95% interval of a bootstrap stratified by class. */
  readonly averagePrecision: BootstrapInterval;
  readonly distinctScores: number;
  /** AUC among films that are about as bright. */
  readonly withinBrightness?: Estimate;
  /** AUC among films with about as much texture. */
  readonly withinTexture?: Estimate;
}

export function evaluate(
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  quarters?: Quarters,
): Evaluation {
  return {
    scores,
    areaUnderRoc: delongInterval(scores, labels),
    averagePrecision: bootstrapInterval(
      (drawn) => averagePrecision(pick(scores, drawn), pick(labels, drawn)),
      Array.from(labels),
      { replicates: 1000 },
    ),
    distinctScores: distinctScores(scores),
    ...(quarters && {
      withinBrightness: within(scores, labels, quarters.brightness),
      withinTexture: within(scores, labels, quarters.texture),
    }),
  };
}

/** Undefined where no quarter holds films of both classes. */
function within(
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  quarters: ArrayLike<number>,
): Estimate | undefined {
  const of = (label: number) => Array.from(quarters).filter((_, i) => labels[i] === label);
  if (!of(0).some((quarter) => of(1).includes(quarter))) return undefined;
  return { estimate: areaUnderRocWithin(scores, labels, quarters).estimate };
}
