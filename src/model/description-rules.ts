import {
  aCount,
  aNumber,
  anObject,
  aShare,
  aText,
  both,
  either,
  fields,
  type JsonRule,
  listOf,
  oneOf,
  optional,
  valuesOf,
} from '../support/json-rules.js';

// What the JSON half of a model file must be, by type and range, in any version. Settings, backbone and normalisation
// are checked in full by what makes them.

const finite = aNumber();
const atLeastOne = aNumber({ min: 1, integer: true });
/** A loss that was NaN is null in JSON. */
const logged = either(oneOf(null), finite);

const ascending: JsonRule = (value, at) => {
  const list = value as readonly number[];
  const odd = list.findIndex((score, i) => i > 0 && !(score >= list[i - 1]));
  return odd === -1
    ? undefined
    : `${at}[${odd}] is lower than the one before; expected them in order`;
};

const highAboveLow: JsonRule = (value, at) => {
  const { low, high } = value as { low: number; high: number };
  return low <= high ? undefined : `${at}.low is ${low}; expected at most its high, ${high}`;
};

const scores = both(listOf(finite, 1), ascending);
const empirical = { sorted: scores };
const minMax = { low: finite, high: finite };

const best = optional(fields({ epoch: aCount, validationAuc: aShare }));

/** What is certified of a threshold, and what it did to abnormal images, where there were any. */
const found = {
  certifiedFalseAlarmRate: optional(aShare),
  observedSensitivity: optional(aShare),
  sensitivityInterval: optional(fields({ lower: aShare, upper: aShare })),
  useful: optional(oneOf(true, false)),
};

/** One that a user gave, or a wanted sensitivity; it may have no images at all. */
const chosenThreshold = fields({
  chosenBy: oneOf('sensitivity', 'user'),
  value: finite,
  sensitivity: optional(aShare),
  normalCount: aCount,
  anomalyCount: aCount,
  observedFalseAlarmRate: optional(aShare),
  ...found,
});

/** One that leaves odd normals out. */
const trimmedThreshold = fields({
  chosenBy: oneOf('trimmedNormals'),
  value: finite,
  quantile: aNumber({ above: 0, max: 1 }),
  trimBeyond: aNumber({ min: 1 }),
  fence: optional(finite),
  trimmedCount: aCount,
  normalCount: atLeastOne,
  observedFalseAlarmRate: aShare,
  anomalyCount: optional(aCount),
  ...found,
});

/** One with a false alarm rate; version 0.1 says nothing of who chose it, and calls the count `normals`. */
const promisedThreshold = both(
  fields({
    chosenBy: optional(oneOf('falseAlarmRate')),
    value: finite,
    quantile: aNumber({ above: 0, max: 1 }),
    falseAlarmRate: optional(aShare),
    anomalyCount: optional(aCount),
    ...found,
  }),
  either(fields({ normals: atLeastOne }), fields({ normalCount: atLeastOne })),
);

/** What maps scores to [0, 1]. */
export const normalizerRule: JsonRule = either(
  fields({ method: oneOf('empirical'), ...empirical }),
  either(
    both(fields({ method: oneOf('minMax'), ...minMax }), highAboveLow),
    // Version 0.1.
    either(
      fields({ kind: oneOf('empirical'), ...empirical }),
      both(fields({ kind: oneOf('min-max'), ...minMax }), highAboveLow),
    ),
  ),
);

/** A decision threshold, whoever chose it. */
export const thresholdRule: JsonRule = either(
  chosenThreshold,
  either(trimmedThreshold, promisedThreshold),
);

/** Scores of normals that new images are compared with. */
export const normalScoresRule: JsonRule = fields({
  all: scores,
  groups: optional(valuesOf(scores)),
});

const spread = fields({ mean: finite, deviation: aNumber({ above: 0 }) });

/** Of the description, without its format version. */
export const descriptionRule: JsonRule = fields({
  settings: anObject,
  backbone: fields({ kind: aText }),
  imageNormalization: fields({ name: aText, options: optional(anObject) }),
  resize: optional(anObject),
  recipe: optional(anObject),
  anomalies: listOf(aCount),
  ids: optional(listOf(aText)),
  stored: optional(
    fields({
      size: aNumber({ min: 1, integer: true }),
      images: aNumber({ min: 1, integer: true }),
      known: fields({ ids: listOf(aCount, 1), rows: listOf(listOf(finite, 1), 1) }),
    }),
  ),
  normalizer: optional(normalizerRule),
  threshold: optional(thresholdRule),
  normalScores: optional(normalScoresRule),
  history: listOf(
    fields({
      epoch: aCount,
      round: optional(aCount),
      loss: logged,
      reconstruction: optional(logged),
      latent: optional(logged),
      anchors: optional(aCount),
      anchorAnomalyShare: optional(aShare),
      validationAuc: optional(aShare),
      unreadable: optional(aCount),
      seconds: aNumber({ min: 0 }),
    }),
  ),
  best,
  spreads: optional(fields({ embedding: spread, cells: spread })),
  training: optional(
    fields({
      pixelVariance: aNumber({ min: 0 }),
      sourceKey: aText,
      optimizerSteps: aCount,
      selectionRound: aCount,
      epochSoFar: fields({
        steps: aCount,
        images: aCount,
        loss: finite,
        reconstruction: finite,
        latent: finite,
        unreadable: optional(aCount),
      }),
      best,
    }),
  ),
});
