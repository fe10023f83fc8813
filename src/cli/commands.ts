import type { Commands } from './frame/command.js';

/** Every command: what it does, and the file that is loaded when it is asked for. */
export const commands: Commands = {
  doctor: {
    summary: 'say what is installed, and what to install',
    load: async () => (await import('./commands/doctor.js')).doctor,
  },
  demo: {
    summary: 'train and score a few films that come along, and write a report',
    load: async () => (await import('./commands/demo.js')).demo,
  },
  check: {
    summary: 'say what is understood of a folder or list of images, and what is doubtful',
    load: async () => (await import('./commands/check.js')).check,
  },
  fit: {
    summary: 'learn from the normal images of a folder',
    load: async () => (await import('./commands/fit.js')).fit,
  },
  calibrate: {
    summary: 'set the threshold of a model by other images',
    load: async () => (await import('./commands/calibrate.js')).calibrate,
  },
  score: {
    summary: 'score files, folders and patterns into a table',
    load: async () => (await import('./commands/score.js')).score,
  },
  evaluate: {
    summary: 'judge a table of scores where labels are known',
    load: async () => (await import('./commands/evaluate.js')).evaluate,
  },
  watch: {
    summary: 'say whether films changed since earlier tables of scores',
    load: async () => (await import('./commands/watch.js')).watch,
  },
  explain: {
    summary: 'write pictures of where a score comes from',
    load: async () => (await import('./commands/explain.js')).explain,
  },
  report: {
    summary: 'write a page of curves, thresholds and films',
    load: async () => (await import('./commands/report.js')).report,
  },
  export: {
    summary: 'write a model as ONNX or safetensors, for other languages',
    load: async () => (await import('./commands/export.js')).exportModel,
  },
  inspect: {
    summary: 'show what a saved model is',
    load: async () => (await import('./commands/inspect.js')).inspect,
  },
  config: {
    summary: 'print every option with its default, as a file to edit',
    load: async () => (await import('./commands/config.js')).configOf(commands),
  },
};
