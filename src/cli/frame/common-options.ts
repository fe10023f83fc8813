import type { Option } from './command.js';

/** Options of every command. */
export const commonOptions = {
  config: { type: 'text', value: 'FILE', help: 'JSON file with options; the line comes before it' },
  quiet: { type: 'switch', help: 'say nothing but results, warnings and errors' },
  help: { type: 'switch', help: 'show this help' },
} as const satisfies Readonly<Record<string, Option>>;

/** Where a trained model lies. */
export const modelOption = {
  type: 'text',
  value: 'FOLDER',
  help: 'folder of a trained model, as `salad-ad fit` writes it',
} as const satisfies Option;

/** What scores: other kinds of models too. */
export const scoringModelOption = {
  type: 'text',
  value: 'MODEL',
  help: 'folder of a trained model, as `salad-ad fit` or a detector of salad-ad/baselines writes it, or an .onnx file of `salad-ad export`',
} as const satisfies Option;

export const backendOption = {
  type: 'text',
  value: 'NAME',
  choices: ['tensorflow', 'wasm', 'cpu'],
  help: 'backend of TensorFlow.js; default the fastest that is installed',
} as const satisfies Option;

export const threadsOption = {
  type: 'number',
  value: 'N',
  min: 1,
  whole: true,
  help: 'threads; default as many as the machine has cores',
} as const satisfies Option;

export const groupOption = {
  type: 'text',
  value: 'REGEXP',
  help: "what names the view or the scanner in a path, its first group, such as '(AP|PA)': p-values then rest on the normals of that group",
} as const satisfies Option;
