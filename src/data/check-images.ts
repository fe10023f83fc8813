import { problemOf } from '../decoding/image-problem.js';
import { checkSource, type ImageSource } from '../images/image-source.js';
import { type ImageProblem, imagesText, problemError } from '../images/problems.js';
import { readImages } from '../images/read-images.js';
import { check, checkChoice, checkKnownOptions, checkNumber } from '../support/check.js';
import { checkFunction, checkSignal } from '../support/check-kinds.js';
import { hostTurns } from '../support/host.js';
import { inParallel } from '../support/in-parallel.js';
import { aCount, aNumber, aText, fields, listOf } from '../support/json-rules.js';
import { paceOf } from '../support/pace.js';
import type { Progress } from '../support/progress.js';
import { hashText } from '../support/random.js';
import { subset } from './combine.js';
import { ProblemReport, type ReportedProblem } from './problem-report.js';

/** How far a check has come; a later call can go on from it, or from its JSON. */
export interface CheckProgress extends Progress {
  /** Hash of the names of the source. */
  readonly key: number;
  /** Number of the first image that has not been checked; all before it have. */
  readonly next: number;
  /** Images that could not be read so far. */
  readonly report: ProblemReport;
}

/** Options of `checkImages`. */
export interface CheckImagesOptions {
  /**
   * `error`: the first image that cannot be read ends the check. `skip`: it is reported and left out.
   * `quarantine`: it is reported and left out, and the function `quarantine` is called with it.
   *
   * @defaultValue 'skip'
   */
  readonly onUnreadable?: 'error' | 'skip' | 'quarantine';
  /**
   * Puts the file of an image aside and says what it did; only with `onUnreadable: 'quarantine'`. `quarantine` of 'salad-ad/node'
   * makes one.
   */
  readonly quarantine?: (problem: ImageProblem) => Promise<string>;
  /**
   * How many images are read at once.
   *
   * @defaultValue 4
   */
  readonly concurrency?: number;
  /** Ends the check with `signal.reason` before the next image; absent: it goes on to the end. */
  readonly signal?: AbortSignal;
  /** Called after every image; absent: nothing is called. */
  readonly onProgress?: (progress: CheckProgress) => void;
  /** The last progress of a check that was ended, as it was or parsed from JSON; absent: the check starts with the first image. */
  readonly resume?: Pick<CheckProgress, 'key' | 'next'> & {
    /** What was found until then. */
    readonly report: {
      /** Images that could not be read. */
      readonly problems: readonly ReportedProblem[];
    };
  };
}

/**
 * Reads every image of a source once, and gives those that can be read as a source of their own.
 *
 * Whatever the policy of the source, an image that cannot be read is in the report: nothing is dropped
 * without it.
 *
 * @param source the images
 * @param options all have defaults
 * @returns the readable images in their order, the source itself where all are; and the report
 * @throws with `onUnreadable: 'error'` the first problem; IMAGE_UNREADABLE where no image can be read;
 *   CHECKPOINT_MISMATCH where `resume` is of another source; INVALID_OPTION, UNKNOWN_OPTION; with every policy what is wrong with
 *   the whole source, such as SHAPE_MISMATCH, MISSING_PEER, INVALID_IMAGES; EMPTY_SET, INDEX_OUT_OF_RANGE
 * @example
 * const { source, report } = await checkImages(films, { onProgress: ({ secondsLeft }) => show(secondsLeft) });
 * console.log(report.toText());
 * await model.fit(source);
 */
export async function checkImages(
  source: ImageSource,
  options: CheckImagesOptions = {},
): Promise<{ source: ImageSource; report: ProblemReport }> {
  const where = 'checkImages';
  checkOptions(where, options);
  const { onUnreadable = 'skip', quarantine, concurrency = 4, signal, onProgress } = options;
  checkSource(where, source, '', 'source');
  const { length, ids } = source;
  const key = hashText(ids.join('\n'));
  const { begun, report } = resumed(where, key, length, options.resume);
  const known = new Set(report.problems.map(({ index }) => index));
  const progress = paceOf(length, begun);
  const ready = new Uint8Array(length).fill(1, 0, begun);
  let [next, done] = [begun, begun];

  const giveHostItsTurn = hostTurns(signal);
  await inParallel(concurrency, { first: begun, end: length }, async (index) => {
    await giveHostItsTurn();
    const found = known.has(index) ? undefined : await readAlone(where, source, index);
    if (found && onUnreadable === 'error') throw problemError(where, found);
    if (found)
      report.add({
        ...found,
        ...(onUnreadable === 'quarantine' && { action: await quarantine?.(found) }),
      });
    ready[index] = 1;
    done += 1;
    while (next < length && ready[next]) next += 1;
    onProgress?.({ key, next, report, ...progress(done) });
  });
  return { source: readable(where, source, report), report };
}

async function readAlone(
  where: string,
  source: ImageSource,
  index: number,
): Promise<ImageProblem | undefined> {
  try {
    const { problems } = await readImages(where, source, [index]);
    return problems[0];
  } catch (error) {
    return problemOf(error, index, source.ids[index]);
  }
}

function readable(where: string, source: ImageSource, report: ProblemReport): ImageSource {
  const lost = new Set(report.problems.map(({ index }) => index));
  if (lost.size === 0) return source;
  const kept = Array.from({ length: source.length }, (_, i) => i).filter((i) => !lost.has(i));
  check(
    kept.length > 0,
    'IMAGE_UNREADABLE',
    () =>
      `${where}: none of ${imagesText(source.length)} can be read; ${report.problems[0].id}: ${report.problems[0].message.replace(/\.$/, '')}.`,
    { report: report.toJSON() },
  );
  return subset(source, kept);
}

function resumed(where: string, key: number, length: number, saved: CheckImagesOptions['resume']) {
  if (saved === undefined) return { begun: 0, report: new ProblemReport() };
  const index = aNumber({ min: 0, max: length - 1, integer: true });
  const problem = fields({
    index,
    id: aText,
    code: aText,
    message: aText,
    when: aText,
    times: aCount,
  });
  const wrong = fields({
    key: aNumber(),
    next: aNumber({ min: 0, max: length, integer: true }),
    report: fields({ problems: listOf(problem) }),
  })(saved, 'resume');
  // Another source first: its numbers may be beyond this one's.
  check(
    saved?.key === key,
    'CHECKPOINT_MISMATCH',
    () =>
      `${where}: resume is of a source with other names, or in another order; expected the one that was begun with.`,
  );
  check(
    wrong === undefined,
    'INVALID_OPTION',
    () => `${where}: ${wrong}; expected the last progress of a check, or its JSON, unchanged.`,
  );
  return { begun: saved.next, report: new ProblemReport(saved.report) };
}

function checkOptions(where: string, options: CheckImagesOptions): void {
  checkKnownOptions(where, options, {
    onUnreadable: true,
    quarantine: true,
    concurrency: true,
    signal: true,
    onProgress: true,
    resume: true,
  });
  const { onUnreadable = 'skip', quarantine, concurrency = 4 } = options;
  checkSignal(where, options.signal);
  checkFunction(where, 'onProgress', options.onProgress);
  checkChoice(where, 'onUnreadable', onUnreadable, ['error', 'skip', 'quarantine']);
  check(
    (onUnreadable === 'quarantine') === (typeof quarantine === 'function'),
    'INVALID_OPTION',
    () =>
      `${where}: onUnreadable is '${onUnreadable}' and quarantine is ${typeof quarantine}; expected a function with 'quarantine' and none otherwise; quarantine() of 'salad-ad/node' makes one.`,
  );
  checkNumber(where, 'concurrency', concurrency, { min: 1, integer: true });
}
