import type { Case } from './case.js';
import { type Facts, Missing, Running } from './contestant.js';

/** How long to measure. */
export interface Effort {
  /** Rounds at least, each one measurement of every contestant. */
  readonly rounds: number;
  /** Rounds at most. */
  readonly mostRounds: number;
  /** Seconds after which no further round begins, once there were `rounds`. */
  readonly seconds: number;
}

export const fullEffort: Effort = { rounds: 3, mostRounds: 30, seconds: 15 };
export const quickEffort: Effort = { rounds: 2, mostRounds: 2, seconds: 0 };

/** What a contestant's measurements come to. */
export interface Measured {
  readonly best: number;
  readonly median: number;
  readonly count: number;
  readonly facts: Facts;
}

export type Outcome = Measured | Missing;

/** Unmeasured runs of each contestant: compilers and caches settle. */
const WARM_UP_RUNS = 2;
/** A run of this many milliseconds warms up once only. */
const LONG_RUN = 5000;

/**
 * Measures contestants in turn, A B C A B C ..., so that whatever else happens on the machine happens
 * to all of them alike. Only one works at a time.
 */
export async function measureInTurn(
  { before, contestants, once }: Pick<Case, 'before' | 'contestants' | 'once'>,
  effort: Effort,
): Promise<Record<string, Outcome>> {
  const outcomes: Record<string, Outcome> = {};
  const running: { name: string; program: Running; facts: Facts; values: number[] }[] = [];
  if (before) {
    const writer = Running.start(before);
    await writer.facts;
    await writer.stop();
  }
  try {
    for (const [name, contestant] of Object.entries(contestants)) {
      const program = Running.start(contestant);
      try {
        running.push({ name, program, facts: await program.facts, values: [] });
      } catch (error) {
        await program.stop();
        if (!(error instanceof Missing)) throw new Error(`${name}: ${(error as Error).message}`);
        outcomes[name] = error;
      }
    }
    for (const { program } of running) {
      for (let run = 0; run < (once ? 0 : WARM_UP_RUNS); run++) {
        const started = performance.now();
        await program.measure();
        if (performance.now() - started > LONG_RUN) break;
      }
    }
    const end = performance.now() + 1000 * effort.seconds;
    for (let round = 0; round < (once ? 1 : effort.mostRounds); round++) {
      if (round >= effort.rounds && performance.now() > end) break;
      for (const { program, values } of running) values.push(await program.measure());
    }
    for (const { name, facts, values } of running) outcomes[name] = { ...summary(values), facts };
    return outcomes;
  } finally {
    await Promise.all(running.map(({ program }) => program.stop()));
  }
}

function summary(values: number[]) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const median = (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2;
  return { best: sorted[0], median, count: sorted.length };
}
