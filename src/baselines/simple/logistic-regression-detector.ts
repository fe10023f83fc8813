import { checkValue } from '../../learning/damaged.js';
import type { Detector } from '../../learning/detector.js';
import { labelsOf } from '../../learning/labels.js';
import { checkNumber } from '../../support/check.js';
import { hostTurns } from '../../support/host.js';
import { inTurns } from '../../support/in-turns.js';
import { aNumber, fields, listOf } from '../../support/json-rules.js';
import { BaselineDetector } from '../detector/baseline-detector.js';
import { type DetectorBody, NO_EPOCHS } from '../detector/body.js';
import { readAll } from '../detector/read-images.js';
import {
  type DetectorOptions,
  type DetectorSettings,
  type Resolved,
  resolveDetector,
} from '../detector/settings.js';
import {
  type LogisticRegression,
  logisticRegressionInPieces,
  logOdds,
} from './logistic-regression.js';

/** Options of `logisticRegression`. */
export interface LogisticRegressionOptions extends DetectorOptions {
  /** Weight of |w|^2 / 2 against the summed loss; above 0. @defaultValue 1 */
  readonly l2?: number;
}

/**
 * Logistic regression on the pixels and the known anomalies, `fitLogisticRegression` as a detector: what to beat
 * whenever anomalies are known.
 *
 * @param options `inputShape`; the others have defaults
 * @returns a detector that has learnt nothing yet
 * @throws INVALID_OPTION, UNKNOWN_OPTION. Its `fit`: SHAPE_MISMATCH, LABELS_MISMATCH, NOT_FINITE, TRAINING_DIVERGED, EMPTY_SET
 * without both classes
 * @example
 * const baseline = logisticRegression({ inputShape: [32, 32, 1], imageNormalization: none() });
 */
export function logisticRegression(options: LogisticRegressionOptions): Detector {
  const where = 'logisticRegression';
  const settings: Settings = resolveDetector(where, options, { l2: 1 });
  checkNumber(where, 'l2', settings.l2, { above: 0 });
  return new BaselineDetector({
    kind: where,
    usesLabels: true,
    settings,
    body: () => body(settings),
  });
}

type Settings = Resolved<LogisticRegressionOptions, DetectorSettings>;

function body({ l2, inputShape }: Pick<Settings, 'l2' | 'inputShape'>): DetectorBody {
  const pixels = inputShape.reduce((product, side) => product * side, 1);
  const factsRule = fields({ weights: listOf(aNumber(), pixels, pixels), intercept: aNumber() });
  let model: Pick<LogisticRegression, 'weights' | 'intercept'> = {
    weights: new Float64Array(0),
    intercept: 0,
  };
  return {
    async learn({ where, source, intake, signal }) {
      const labels = labelsOf(source).map(Number);
      const images = await readAll(where, source, intake);
      const fitting = logisticRegressionInPieces(images, labels, { l2 });
      model = await inTurns(fitting, hostTurns(signal));
      return NO_EPOCHS;
    },
    scores: (images) => logOdds(model, images),
    pack: () => ({
      tensors: {},
      facts: { weights: Array.from(model.weights), intercept: model.intercept },
    }),
    unpack(where, { facts }) {
      checkValue(where, 'facts', facts, factsRule);
      const { weights, intercept } = facts as { weights: number[]; intercept: number };
      model = { weights: Float64Array.from(weights), intercept };
    },
    dispose: () => {},
  };
}
