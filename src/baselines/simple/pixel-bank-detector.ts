import * as tf from '@tensorflow/tfjs-core';
import type { ScoreMethod } from '../../core/anomaly-score.js';
import { normalsOf } from '../../data/normals.js';
import type { Detector } from '../../learning/detector.js';
import { checkSomeNormal } from '../../learning/labels.js';
import { check, checkChoice, checkNumber } from '../../support/check.js';
import { inTurns } from '../../support/in-turns.js';
import { BaselineDetector } from '../detector/baseline-detector.js';
import { type DetectorBody, NO_EPOCHS } from '../detector/body.js';
import type { PixelBlock } from '../detector/pixel-block.js';
import { readAll } from '../detector/read-images.js';
import {
  type DetectorOptions,
  type DetectorSettings,
  type Resolved,
  resolveDetector,
} from '../detector/settings.js';
import { pixelBankInPieces, pixelBankScores } from './pixel-bank.js';

/** Options of `pixelBank`. */
export interface PixelBankOptions extends DetectorOptions {
  /** K, nearest training images of a score. @defaultValue 10 */
  readonly scoreNeighbors?: number;
  /** How a score is computed; 'relative' is Eq. 4. @defaultValue 'relative' */
  readonly method?: ScoreMethod;
}

/**
 * The memory bank's score on raw pixels, without a network: `pixelBankScores` as a detector.
 *
 * Known anomalies are left out of the bank. With `imageNormalization: none()` it compares plain pixels. What
 * it saves holds the training images themselves.
 *
 * @param options `inputShape`; the others have defaults
 * @returns a detector that has learnt nothing yet
 * @throws INVALID_OPTION, UNKNOWN_OPTION. Its `fit` and `score`: SHAPE_MISMATCH, EMPTY_SET, NOT_FINITE, NO_ROWS_KEPT without a
 * normal image, INVALID_IMAGES for an image of one value. `loadDetector`: NOT_A_MODEL
 * @example
 * const baseline = pixelBank({ inputShape: [32, 32, 1] });
 */
export function pixelBank(options: PixelBankOptions): Detector {
  const where = 'pixelBank';
  const settings: Resolved<PixelBankOptions, DetectorSettings> = resolveDetector(where, options, {
    scoreNeighbors: 10,
    method: 'relative',
  });
  checkNumber(where, 'scoreNeighbors', settings.scoreNeighbors, { min: 1, integer: true });
  checkChoice(where, 'method', settings.method, ['relative', 'angular']);
  return new BaselineDetector({
    kind: where,
    usesLabels: true,
    settings,
    body: () => body(settings),
  });
}

function body({
  inputShape,
  scoreNeighbors,
  method,
}: Resolved<PixelBankOptions, DetectorSettings>): DetectorBody {
  let bank: PixelBlock = { values: new Float32Array(0), shape: [0, 0, 0, 0] };
  return {
    async learn({ where, source, intake, onWarning }) {
      checkSomeNormal(where, source);
      bank = await readAll(where, normalsOf(source, { allNormal: true }), intake);
      pixelBankScores(bank, first(bank), { scoreNeighbors: [scoreNeighbors], onWarning });
      return NO_EPOCHS;
    },
    scores: async (images, giveHostItsTurn) => {
      const found = pixelBankInPieces(bank, images, { scoreNeighbors: [scoreNeighbors] });
      return (await inTurns(found, giveHostItsTurn))[0][method];
    },
    pack: () => ({ tensors: { bank: tf.tensor4d(bank.values, [...bank.shape]) }, facts: {} }),
    async unpack(where, { tensors }) {
      const { bank: saved } = tensors;
      check(
        saved?.rank === 4 &&
          saved.shape[0] > 0 &&
          inputShape.every((side, i) => side === saved.shape[i + 1]),
        'NOT_A_MODEL',
        () =>
          `${where}: the file holds no bank of images of [${inputShape}]; expected a file as save wrote it.`,
      );
      const values = Float32Array.from(await saved.data());
      bank = { values, shape: saved.shape as [number, number, number, number] };
    },
    dispose: () => {},
  };
}

function first({ values, shape: [, ...image] }: PixelBlock): PixelBlock {
  return { values: values.subarray(0, image[0] * image[1] * image[2]), shape: [1, ...image] };
}
