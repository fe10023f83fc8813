/** What the program returns to its caller; documented in docs/command-line.md, and kept. */
export const exitCodes = {
  done: 0,
  /** A fault of the program. */
  failed: 1,
  /** An unknown command or option, a value out of range, a configuration that says nothing. */
  usage: 2,
  /** A package or a backend is missing. */
  missing: 3,
  /** Files or folders that cannot be read or written, or are not what they should be. */
  files: 4,
  /** All was done but some images could not be read; the result names them. */
  incomplete: 5,
  /** Another run writes there, or a server does not answer: what is done is kept, and the same line goes on another time. */
  notNow: 6,
  /** Ended by Ctrl-C; what was done is saved. */
  interrupted: 130,
} as const;
