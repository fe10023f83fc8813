import type { Case } from './case.js';
import { type Contestant, type Facts, Missing, Running } from './contestant.js';

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
  { before = [], contestants, once = false }: Pick<Case, 'before' | 'contestants' | 'once'>,
  effort: Effort,
): Promise<Record<string, Outcome>> {
  const names = Object.keys(contestants);
  for (const writer of before) {
    const written = await start(writer);
    if (written instanceof Missing) return Object.fromEntries(names.map((name) => [name, written]));
    await written.program.stop();
  }
  const started: Record<string, Started> = {};
  const outcomes: Record<string, Outcome> = {};
  try {
    for (const name of names) {
      const one = await start(contestants[name]);
      if (one instanceof Missing) outcomes[name] = one;
      else started[name] = one;
    }
    const programs = Object.values(started);
    if (!once) await warmUp(programs);
    const rounds = once ? { rounds: 1, mostRounds: 1, seconds: 0 } : effort;
    const end = performance.now() + 1000 * rounds.seconds;
    for (let round = 0; round < rounds.mostRounds; round++) {
      if (round >= rounds.rounds && performance.now() > end) break;
      for (const { program, values } of programs) values.push(await program.measure());
    }
    for (const [name, { facts, values }] of Object.entries(started)) {
      outcomes[name] = { ...summary(values), facts };
    }
    return outcomes;
  } finally {
    await Promise.all(Object.values(started).map(({ program }) => program.stop()));
  }
}

interface Started {
  readonly program: Running;
  readonly facts: Facts;
  readonly values: number[];
}

async function start(contestant: Contestant): Promise<Started | Missing> {
  const program = Running.start(contestant);
  try {
    return { program, facts: await program.facts, values: [] };
  } catch (error) {
    await program.stop();
    if (error instanceof Missing) return error;
    throw error;
  }
}

async function warmUp(programs: readonly Started[]): Promise<void> {
  for (const { program } of programs) {
    for (let run = 0; run < WARM_UP_RUNS; run++) {
      const begun = performance.now();
      await program.measure();
      if (performance.now() - begun > LONG_RUN) break;
    }
  }
}

function summary(values: number[]) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const median = (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2;
  return { best: sorted[0], median, count: sorted.length };
}
