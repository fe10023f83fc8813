import { isImageProblem, messageOf } from '../decoding/image-problem.js';
import type { ImageSource } from '../images/image-source.js';
import { type ImageProblem, problemError } from '../images/problems.js';
import { readImages } from '../images/read-images.js';
import { check, checkChoice, checkKnownOptions, checkNumber } from '../support/check.js';
import { paceOf } from '../support/pace.js';
import type { Progress } from '../support/progress.js';
import { hashText } from '../support/random.js';
import { subset } from './combine.js';
import { ProblemReport, type ProblemReportData } from './problem-report.js';

/** How far a check has come; as JSON it is what a later call goes on from. */
export interface CheckProgress extends Progress {
  /** Of the names of the source. */
  readonly key: number;
  /** All images before this one have been checked. */
  readonly next: number;
  readonly report: ProblemReport;
}

/** A `CheckProgress` that has been JSON. */
export type SavedCheck = Pick<CheckProgress, 'key' | 'next'> & {
  readonly report: ProblemReportData;
};

/** Options of `checkImages`. */
export interface CheckImagesOptions {
  /**
   * `error`: the first image that cannot be read ends the check. `skip`: it is reported and left out.
   * `quarantine`: so it is, and `quarantine` is called with it.
   *
   * @defaultValue 'skip'
   */
  readonly onUnreadable?: 'error' | 'skip' | 'quarantine';
  /** Puts the file of an image aside and says what it did; `quarantine` of 'salad-ad/node' makes one. */
  readonly quarantine?: (problem: ImageProblem) => Promise<string>;
  /**
   * Images read at a time.
   *
   * @defaultValue 4
   */
  readonly concurrency?: number;
  /** Rejects with `signal.reason` before the next image. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: CheckProgress) => void;
  /** The last progress of a check that was ended, as it was or parsed from JSON. */
  readonly resume?: SavedCheck | CheckProgress;
}

/**
 * Reads every image of a source once, and gives those that can be read as a source of their own.
 *
 * Whatever the policy of the source, an image that cannot be read is in the report: nothing is dropped
 * without it.
 *
 * @returns the readable images in their order, the source itself where all are; and the report
 * @throws under `error` the first problem; IMAGE_UNREADABLE where no image can be read;
 *   CHECKPOINT_MISMATCH where `resume` is of another source; what is wrong with more than one image, such
 *   as SHAPE_MISMATCH or MISSING_PEER, whatever the policy
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
  const { length, ids } = source;
  const key = hashText(ids.join('\n'));
  const { begun, report } = resumed(where, key, options.resume);
  const known = new Set(report.problems.map(({ index }) => index));
  const progress = paceOf(length, begun);
  const ready = new Uint8Array(length).fill(1, 0, begun);
  let [next, taken, done] = [begun, begun, begun];
  let ended = false;

  const checkOne = async (index: number) => {
    const found = known.has(index) ? undefined : await problemOf(where, source, index);
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
  };
  const lane = async () => {
    while (taken < length && !ended) {
      signal?.throwIfAborted();
      await checkOne(taken++);
    }
  };
  const lanes = Array.from({ length: concurrency }, lane);
  try {
    await Promise.all(lanes);
  } finally {
    ended = true;
    // What is under way may put a file aside: the last progress tells of it.
    await Promise.allSettled(lanes);
  }
  return { source: readable(where, source, report), report };
}

async function problemOf(
  where: string,
  source: ImageSource,
  index: number,
): Promise<ImageProblem | undefined> {
  try {
    const { problems } = await readImages(where, source, [index]);
    return problems[0];
  } catch (error) {
    if (!isImageProblem(error)) throw error;
    // A source that fails by `problemError` has told the bare reason beside.
    const { message = messageOf(error) } = error.details as { message?: string };
    return { index, id: source.ids[index], code: error.code, message };
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
      `${where}: none of ${source.length} images can be read; ${report.problems[0].id}: ${report.problems[0].message}.`,
    { report: report.toJSON() },
  );
  return subset(source, kept);
}

function resumed(where: string, key: number, saved: CheckImagesOptions['resume']) {
  check(
    saved === undefined || saved.key === key,
    'CHECKPOINT_MISMATCH',
    () =>
      `${where}: resume is of a source with other names, or in another order; expected the one that was begun with.`,
  );
  const { report } = saved ?? {};
  const data = report instanceof ProblemReport ? report.toJSON() : report;
  return { begun: saved?.next ?? 0, report: new ProblemReport(data) };
}

function checkOptions(where: string, options: CheckImagesOptions): void {
  checkKnownOptions(where, options, [
    'onUnreadable',
    'quarantine',
    'concurrency',
    'signal',
    'onProgress',
    'resume',
  ]);
  const { onUnreadable = 'skip', quarantine, concurrency = 4 } = options;
  checkChoice(where, 'onUnreadable', onUnreadable, ['error', 'skip', 'quarantine']);
  check(
    (onUnreadable === 'quarantine') === (typeof quarantine === 'function'),
    'INVALID_OPTION',
    () =>
      `${where}: onUnreadable is '${onUnreadable}' and quarantine is ${typeof quarantine}; expected a function where it is 'quarantine', and none else; quarantine() of 'salad-ad/node' makes one.`,
  );
  checkNumber(where, 'concurrency', concurrency, { min: 1, integer: true });
}
