import type { Outcome } from './case.js';
import type { Fixtures } from './suite.js';

/** A place where the suite can run on one backend. */
export interface Host {
  /** Why it cannot run here. */
  readonly unavailable?: string;
  /** The outcomes, in order; fewer than there are cases where the place broke down on the way. */
  run(fixtures: Fixtures): Promise<Outcome[]>;
}
