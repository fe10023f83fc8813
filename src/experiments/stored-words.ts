import { oldestKinds } from '../baselines/renamed-kinds.js';

// Files of version 0.1 hold other words than the code. A run is found by a hash of its config, so that the hash is
// always made of the words of version 0.1; files are written in the words of the code, and read in either.

/** Words of the code, and those of version 0.1. */
const words: Readonly<Record<string, string>> = {
  labelFree: 'label-free',
  validationChosen: 'validation-chosen',
  trainOn: 'train on',
  leaveOut: 'leave out',
  reconstructionError: 'reconstruction error',
  runningBankRelative: 'running bank, relative',
  runningBankAngular: 'running bank, angular',
  bodyPart: 'body part',
  originalSize: 'original size',
  imageSize: 'image size',
  softBoundary: 'soft-boundary',
  bestValidation: 'best-validation',
  convAutoencoder: 'conv',
  resnetAutoencoder: 'resnet',
  layersBackbone: 'layers',
  ...oldestKinds,
};
const current = Object.fromEntries(Object.entries(words).map(([now, stored]) => [stored, now]));

/** A word of the code as version 0.1 stored it. */
export function storedWord(word: string): string {
  return words[word] ?? word;
}

/** A stored word as the code has it. */
export function currentWord<Word extends string>(word: string): Word {
  return (current[word] ?? word) as Word;
}

/** Options with every constant among them as version 0.1 stored it. */
export function storedOptions<T>(options: T): T {
  if (typeof options === 'string') return storedWord(options) as T;
  if (Array.isArray(options)) return options.map(storedOptions) as T;
  if (typeof options !== 'object' || options === null) return options;
  return Object.fromEntries(
    Object.entries(options).map(([key, value]) => [key, storedOptions(value)]),
  ) as T;
}
