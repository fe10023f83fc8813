import {
  check,
  checkKnownOptions,
  checkNumber,
  checkObject,
  checkText,
  said,
} from '../../support/check.js';
import { checkBoolean } from '../../support/check-kinds.js';

/**
 * What is said of a film; it goes into the object as it stands here, so keep identifiers out of it.
 *
 * @example
 * const statement: dicomResult.Statement = { score: 1.93, model: 'sha256 1f0c', pValue: 0.04, abnormal: true };
 */
export interface Statement {
  /** The model's score; higher is more anomalous. */
  readonly score: number;
  /** Which model: the SHA-256 of its file say. */
  readonly model: string;
  /** Conformal p-value of the score, in [0, 1]. @defaultValue none */
  readonly pValue?: number;
  /** Whether the score reaches the threshold. @defaultValue no verdict */
  readonly abnormal?: boolean;
  /** In units of the score. @defaultValue none */
  readonly threshold?: number;
  /** What the threshold promises: `thresholdText` of it. @defaultValue none */
  readonly promise?: string;
  /** What the p-value rests on: `restsOn` of a result. @defaultValue none */
  readonly restsOn?: string;
  /** When the object was made. @defaultValue now */
  readonly date?: Date;
}

/** Stands in every object, where who finds it looks first. */
export const MARK = 'Research software, not a medical device';

/** @throws INVALID_OPTION | UNKNOWN_OPTION */
export function checkStatement(where: string, statement: Statement): void {
  checkObject(where, 'statement', statement, 'an object with score and model');
  checkKnownOptions<Statement>(where, statement, {
    score: true,
    model: true,
    pValue: true,
    abnormal: true,
    threshold: true,
    promise: true,
    restsOn: true,
    date: true,
  });
  const { score, model, pValue, abnormal, threshold, promise, restsOn, date } = statement;
  checkNumber(where, 'score', score, {});
  checkText(where, 'model', model, 'a text that names it, the SHA-256 of its file say');
  if (pValue !== undefined) checkNumber(where, 'pValue', pValue, { min: 0, max: 1 });
  if (threshold !== undefined) checkNumber(where, 'threshold', threshold, {});
  checkBoolean(where, 'abnormal', abnormal);
  if (promise !== undefined) checkText(where, 'promise', promise);
  if (restsOn !== undefined) checkText(where, 'restsOn', restsOn);
  check(
    date === undefined || (date instanceof Date && !Number.isNaN(date.getTime())),
    'INVALID_OPTION',
    () => `${where}: date is ${said(date)}; expected a Date.`,
  );
}

/** The verdict in words. */
export function verdictOf({ abnormal }: Pick<Statement, 'abnormal'>): string {
  if (abnormal === undefined) return 'no verdict: the model has no threshold';
  return abnormal ? 'reaches the threshold' : 'below the threshold';
}
