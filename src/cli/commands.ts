import type { Commands } from './frame/command.js';

/** Every command: what it does, and the file that is loaded when it is asked for. */
export const commands: Commands = {
  fit: {
    summary: 'learn from the normal images of a folder',
    load: async () => (await import('./commands/fit.js')).fit,
  },
  score: {
    summary: 'score files, folders and globs into a table',
    load: async () => (await import('./commands/score.js')).score,
  },
  inspect: {
    summary: 'show what a saved model is',
    load: async () => (await import('./commands/inspect.js')).inspect,
  },
};
