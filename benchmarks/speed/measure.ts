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
  /** Seconds of unmeasured runs before, one run at least: compilers and caches settle. */
  readonly warmUpSeconds: number;
}

export const fullEffort: Effort = { rounds: 3, mostRounds: 100, seconds: 8, warmUpSeconds: 2 };
export const quickEffort: Effort = { rounds: 1, mostRounds: 1, seconds: 0, warmUpSeconds: 0 };

/** Seconds after which even the rounds that there should be at least are given up, all but the first. */
const LONGEST_DELAY = 60;

/** What a contestant's measurements come to. */
export interface Measured {
  readonly best: number;
  readonly median: number;
  readonly count: number;
  readonly facts: Facts;
}

export type Outcome = Measured | Missing;

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
    if (!once) await warmUp(programs, effort.warmUpSeconds);
    const end = performance.now() + 1000 * effort.seconds;
    for (let round = 0; round < (once ? 1 : effort.mostRounds); round++) {
      const late = performance.now() - end;
      if (late > (round < effort.rounds ? 1000 * LONGEST_DELAY : 0) && round > 0) break;
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
  const program = new Running(contestant);
  try {
    return { program, facts: await program.facts, values: [] };
  } catch (error) {
    await program.stop();
    if (error instanceof Missing) return error;
    throw error;
  }
}

async function warmUp(programs: readonly Started[], seconds: number): Promise<void> {
  for (const { program } of programs) {
    const end = performance.now() + 1000 * seconds;
    do await program.measure();
    while (performance.now() < end);
  }
}

export function summary(values: number[]) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const median = (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2;
  return { best: sorted[0], median, count: sorted.length };
}
