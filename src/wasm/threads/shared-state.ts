/**
 * What threads share beside the backend's memory: 32-bit numbers, by their places. Jobs are numbered on and on, so that a thread
 * that comes late finds either nothing or jobs of the run that is under way.
 */
export const STATE = {
  /** The next job that nobody has taken. */
  next: 0,
  /** The number behind the last job; a thread without work waits for it to change. */
  end: 1,
  /** How many jobs are done; whoever gave them waits for it to become `end`. */
  done: 2,
  /** The number of the first job of the run. */
  first: 3,
  /** Where the calls of its jobs lie in the backend's memory. */
  calls: 4,
  /** Threads that sleep, and have to be woken. */
  asleep: 5,
  /** 1 once a job has failed. */
  failed: 6,
  /** 1 once threads are to end. */
  stop: 7,
  /** How many numbers those calls are. */
  words: 8,
} as const;

/** Bytes of it. */
export const STATE_BYTES = 64;
