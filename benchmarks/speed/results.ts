import type { Case, Ratio } from './case.js';
import { Missing } from './contestant.js';
import type { Measured, Outcome } from './measure.js';

/** One line of the table: a ratio with both its numbers, or the reason why there is none. */
export interface Result {
  readonly row: string;
  readonly what: string;
  readonly size: number;
  readonly backend: string;
  readonly unit: string;
  readonly ours?: Numbers;
  readonly against?: Numbers;
  /** Of the best measurements. */
  readonly ratio?: number;
  /** Of the medians. */
  readonly medianRatio?: number;
  readonly target?: string;
  readonly reached?: boolean;
  /** What the machine lacks, and the remedy; or what failed. */
  readonly skipped?: string;
  readonly note?: string;
}

interface Numbers {
  readonly best: number;
  readonly median: number;
  readonly count: number;
}

/** What the outcomes of a case say about one of its ratios. */
export function judge(
  { size, backend, unit = 'ms', work }: Case,
  { row, what, ours, against, plus, atMost, atLeast }: Ratio,
  outcomes: Readonly<Record<string, Outcome | Error>>,
): Result {
  const common = { row, what, size, backend, unit };
  const taken = [ours, against, ...(plus ? [plus.of] : [])].map((name) => outcomes[name]);
  const lost = taken.find((outcome) => outcome instanceof Error);
  if (lost) {
    const why = lost instanceof Missing ? `; ${lost.remedy}` : '';
    return { ...common, skipped: `${lost.message.split('\n')[0]}${why}` };
  }
  const measured = taken as Measured[];
  const [a, b, c] = measured;
  const x = numbers(a, work);
  const y = numbers(plus ? summed(b, c, plus.times) : b, work);
  const notes = measured.flatMap(({ facts }) => facts.note ?? []);
  const ratio = x.best / y.best;
  return {
    ...common,
    ours: x,
    against: y,
    ratio,
    medianRatio: x.median / y.median,
    ...(notes.length > 0 && { note: notes.join('; ') }),
    ...(atMost !== undefined && { target: `<= ${atMost}`, reached: ratio <= atMost }),
    ...(atLeast !== undefined && { target: `>= ${atLeast}`, reached: ratio >= atLeast }),
  };
}

/** The time of one and, so many times, that of another. */
function summed(one: Measured, other: Measured, times: number): Numbers {
  return {
    best: one.best + times * other.best,
    median: one.median + times * other.median,
    count: Math.min(one.count, other.count),
  };
}

/** As measured, or as a throughput: pieces of work a second. */
function numbers({ best, median, count }: Numbers, work?: number): Numbers {
  if (work === undefined) return { best, median, count };
  return { best: (1000 * work) / best, median: (1000 * work) / median, count };
}
