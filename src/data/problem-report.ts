import { type ImageProblem, imagesText } from '../images/problems.js';
import { checkObject } from '../support/check.js';

/** A problem as the report keeps it. */
export interface ReportedProblem extends ImageProblem {
  /** When it was found first, ISO 8601. */
  readonly when: string;
  /** How often it was found. */
  readonly times: number;
  /** What was done with the file, such as 'moved to quarantine/a.png'; absent where nothing was. */
  readonly action?: string;
}

/** A report as JSON. */
export type ProblemReportData = ReturnType<ProblemReport['toJSON']>;

/**
 * Collects the images that could not be read, each once for each code: however long a run, the report
 * has no more entries than there are images and codes.
 *
 * @example
 * const report = new ProblemReport();
 * const films = imageSource(records, { ...options, onUnreadable: 'skip', onProblem: report.add });
 * await model.fit(films);
 * console.log(report.toText());
 */
export class ProblemReport {
  private readonly found = new Map<string, ReportedProblem>();

  /** @param data what `toJSON` returned; the report goes on from there */
  constructor(data?: {
    /** What was found until then. */
    readonly problems: readonly ReportedProblem[];
  }) {
    for (const problem of data?.problems ?? []) this.found.set(keyOf(problem), problem);
  }

  /** Adds a problem; can be passed on by itself, as a callback. */
  readonly add = (problem: ImageProblem & { readonly action?: string }): void => {
    checkObject('ProblemReport.add', 'problem', problem, 'an ImageProblem');
    const key = keyOf(problem);
    const before = this.found.get(key);
    const { index, id, code, message, action = before?.action } = problem;
    this.found.set(key, {
      index,
      id,
      code,
      message,
      when: before?.when ?? new Date().toISOString(),
      times: (before?.times ?? 0) + 1,
      ...(action !== undefined && { action }),
    });
  };

  /** The problems in the order of the images, since which of several reads fails first is chance. */
  get problems(): readonly ReportedProblem[] {
    return [...this.found.values()].sort((a, b) => a.index - b.index);
  }

  /** How many images have each code, the most frequent first. */
  get counts(): Readonly<Record<string, number>> {
    const counts = new Map<string, number>();
    for (const { code } of this.problems) counts.set(code, (counts.get(code) ?? 0) + 1);
    return Object.fromEntries([...counts].sort(([, a], [, b]) => b - a));
  }

  /**
   * Writes the report to be read by people.
   *
   * @returns a line that says how many, one for each code, and one for each image
   */
  toText(): string {
    const { problems, counts } = this;
    if (problems.length === 0) return 'Every image could be read.';
    const images = new Set(problems.map(({ index, id }) => `${index}/${id}`)).size;
    return [
      `${imagesText(images)} could not be read:`,
      ...Object.entries(counts).map(([code, count]) => `  ${count} x ${code}`),
      ...problems.map(({ id, message, times, action }) =>
        [`${id}: ${message}`, times > 1 && `(${times} times)`, action && `(${action})`]
          .filter(Boolean)
          .join(' '),
      ),
    ].join('\n');
  }

  /**
   * Turns the report into JSON.
   *
   * @returns `problems` as the property of that name, and `counts`
   */
  toJSON(): {
    /** How many images have each code. */
    readonly counts: Readonly<Record<string, number>>;
    /** In the order of the images. */
    readonly problems: readonly ReportedProblem[];
  } {
    return { counts: this.counts, problems: this.problems };
  }
}

function keyOf({ index, id, code }: ImageProblem): string {
  return `${index}/${code}/${id}`;
}
