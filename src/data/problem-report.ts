import type { ImageProblem } from '../images/problems.js';

/** A problem as the report keeps it. */
export interface ReportedProblem extends ImageProblem {
  /** When it was found first, ISO 8601. */
  readonly when: string;
  /** How often it was found. */
  readonly times: number;
  /** What became of the file, where something was done with it, such as 'moved to quarantine/a.png'. */
  readonly action?: string;
}

/** A report as JSON. */
export interface ProblemReportData {
  readonly counts: Readonly<Record<string, number>>;
  readonly problems: readonly ReportedProblem[];
}

/**
 * Images that could not be read, each once for each kind of problem: however long a run, the report
 * grows no longer than its images.
 *
 * @example
 * const report = new ProblemReport();
 * const films = imageSource(records, { ...options, onUnreadable: 'skip', onProblem: report.add });
 * await model.fit(films);
 * console.log(report.toText());
 */
export class ProblemReport {
  private readonly found = new Map<string, ReportedProblem>();

  /** @param data of `toJSON`, to go on from */
  constructor(data?: ProblemReportData) {
    for (const problem of data?.problems ?? []) this.found.set(keyOf(problem), problem);
  }

  /** Takes a problem in; may be handed on as it is, as a callback. */
  readonly add = (problem: ImageProblem & { readonly action?: string }): void => {
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

  /** In the order of the images: several are read at once, and which is found first is chance. */
  get problems(): readonly ReportedProblem[] {
    return [...this.found.values()].sort((a, b) => a.index - b.index);
  }

  /** Images by code, most first, else in the order of the images. */
  get counts(): Readonly<Record<string, number>> {
    const counts = new Map<string, number>();
    for (const { code } of this.problems) counts.set(code, (counts.get(code) ?? 0) + 1);
    return Object.fromEntries([...counts].sort(([, a], [, b]) => b - a));
  }

  /** A line that says how many, one for each code, and one for each image. */
  toText(): string {
    const { problems, counts } = this;
    if (problems.length === 0) return 'Every image could be read.';
    const images = new Set(problems.map(({ index, id }) => `${index}/${id}`)).size;
    return [
      `${images} ${images === 1 ? 'image' : 'images'} could not be read:`,
      ...Object.entries(counts).map(([code, count]) => `  ${count} x ${code}`),
      ...problems.map(({ id, message, times, action }) =>
        [`${id}: ${message}`, times > 1 && `(${times} times)`, action && `(${action})`]
          .filter(Boolean)
          .join(' '),
      ),
    ].join('\n');
  }

  toJSON(): ProblemReportData {
    return { counts: this.counts, problems: this.problems };
  }
}

function keyOf({ index, id, code }: ImageProblem): string {
  return `${index}/${code}/${id}`;
}
