import {
  type AreaInterval,
  averagePrecision,
  type BootstrapInterval,
  bootstrapInterval,
  delongInterval,
  distinctScores,
  pick,
} from 'salad-ad/metrics';

/** What one set of scores is worth on labelled images. */
export interface Evaluation {
  readonly scores: ArrayLike<number>;
  /** DeLong's 95% interval. */
  readonly areaUnderRoc: AreaInterval;
  /** 95% interval of a bootstrap stratified by class. */
  readonly averagePrecision: BootstrapInterval;
  readonly distinctScores: number;
}

export function evaluate(scores: ArrayLike<number>, labels: ArrayLike<number>): Evaluation {
  return {
    scores,
    areaUnderRoc: delongInterval(scores, labels),
    averagePrecision: bootstrapInterval(
      (drawn) => averagePrecision(pick(scores, drawn), pick(labels, drawn)),
      Array.from(labels),
      { replicates: 1000 },
    ),
    distinctScores: distinctScores(scores),
  };
}
