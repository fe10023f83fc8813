import {
  check,
  checkBytes,
  checkKnownOptions,
  checkNumber,
  checkObject,
  checkText,
  said,
} from '../../support/check.js';
import { checkBoolean } from '../../support/check-kinds.js';
import { VERSION } from '../../support/version.js';
import { inNameOf } from '../in-name-of.js';
import { commonAttributes, MARK } from './common-attributes.js';
import { type FilmFacts, filmFacts } from './film-facts.js';
import { code, documentOf, image, language, number, own, text } from './report-items.js';
import { uidOf } from './uid-of.js';
import { type Attribute, fileOf } from './write-elements.js';

const COMPREHENSIVE_SR = '1.2.840.10008.5.1.4.1.1.88.33';

/** What is said of a film. */
type Statement = Parameters<typeof structuredReport>[1];

/**
 * Makes a structured report (DICOM Comprehensive SR) of a film's score, for the study that the film lies in: a container with the
 * reference to the film, score, p-value, verdict, threshold, promise, what the p-value rests on, and the model.
 *
 * It is marked as research software in the description of its series and in its first lines, unverified and preliminary. Attributes of patient and
 * study are copied from the film as its bytes stand, and go nowhere else. UIDs are `2.25.` and a UUID made of what the report says:
 * the same statement on the same film has the same UIDs, so that storing it again makes no second one.
 *
 * @param film the whole DICOM file of the film
 * @param statement what is said of it; it goes into the report as it stands, so keep identifiers out of it; letters beyond ASCII become question marks
 * @returns a DICOM file in explicit little-endian form
 * @throws INVALID_OPTION, UNKNOWN_OPTION, NO_CRYPTO; IMAGE_INVALID where the film does not name its study, series and instance;
 * IMAGE_TRUNCATED, IMAGE_UNSUPPORTED, IMAGE_TOO_LARGE
 * @see DICOM PS3.3, A.35.3 (Comprehensive SR), C.17 (its modules); PS3.5, B.2 (UIDs).
 * @example
 * const report = await dicomResult.structuredReport(film, { score: 1.93, model: 'sha256 1f0c', abnormal: true });
 */
export async function structuredReport(
  film: Uint8Array,
  statement: {
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
  },
): Promise<Uint8Array> {
  const where = 'dicomResult.structuredReport';
  checkBytes(where, 'film', film);
  checkStatement(where, statement);
  return inNameOf(where, async () => {
    const facts = filmFacts(film);
    const { date: _, ...words } = statement;
    const names = [where, facts.study, facts.series];
    const uid = await uidOf(where, [...names, facts.instance, words]);
    const series = await uidOf(where, [...names, statement.model]);
    return fileOf({ sopClass: COMPREHENSIVE_SR, uid }, [
      ...commonAttributes(facts, statement, { uid: series, number: 9801, what: 'anomaly score' }),
      ...documentOf(facts),
      ...contentOf(facts, statement),
    ]);
  });
}

/** The tree of a report: a container and what it holds. */
function contentOf(film: FilmFacts, statement: Statement): Attribute[] {
  const { score, pValue, threshold, promise, restsOn, model } = statement;
  const items = [
    language(),
    text(own('USE', 'Use'), `${MARK}. A score is no diagnosis; nobody has verified this report.`),
    image(film),
    number(own('SCORE', 'Anomaly score'), score),
    ...(pValue === undefined ? [] : [number(own('P_VALUE', 'Conformal p-value'), pValue)]),
    text(own('VERDICT', 'Verdict'), verdictOf(statement)),
    ...(threshold === undefined ? [] : [number(own('THRESHOLD', 'Threshold'), threshold)]),
    ...(promise ? [text(own('PROMISE', 'Promise of the threshold'), promise)] : []),
    ...(restsOn ? [text(own('RESTS_ON', 'What the p-value rests on'), restsOn)] : []),
    text(code('111001', 'DCM', 'Algorithm Name'), 'salad-ad'),
    text(code('111003', 'DCM', 'Algorithm Version'), VERSION),
    text(own('MODEL', 'Model'), model),
  ];
  return [
    [0x0040a040, 'CS', 'CONTAINER'],
    [0x0040a043, 'SQ', [own('RESULT', 'Anomaly score, for research use')]],
    [0x0040a050, 'CS', 'SEPARATE'],
    [0x0040a730, 'SQ', items],
  ];
}

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
