import type { Option } from '../frame/command.js';
import { modelOption } from '../frame/common-options.js';

/** What a state of `salad-ad watch` keeps from its beginning. */
export const watchBeginning = {
  reference: {
    type: 'text',
    value: 'SCORES',
    lineOnly: true,
    help: 'a table of films as they were before, for a state that begins',
  },
  referenceMetadata: {
    type: 'text',
    value: 'FILE',
    lineOnly: true,
    help: 'what --metadata is, for the films of --reference; default --metadata',
  },
  model: {
    ...modelOption,
    lineOnly: true,
    help: 'the trained model of these scores, for a state that begins: which share of films scores above all its normals, and reaches its threshold',
  },
  numbers: {
    type: 'text',
    value: 'NAMES',
    lineOnly: true,
    help: 'columns of numbers to watch too, such as brightness,width; for a state that begins',
  },
  categories: {
    type: 'text',
    value: 'NAMES',
    lineOnly: true,
    help: 'columns of words to watch too, such as view,scanner; for a state that begins',
  },
  falseAlarms: {
    type: 'number',
    value: 'SHARE',
    min: 1e-9,
    max: 0.5,
    lineOnly: true,
    help: 'highest chance of an alarm where nothing changes, for a state that begins; default 0.01',
  },
  window: {
    type: 'number',
    value: 'N',
    min: 10,
    whole: true,
    lineOnly: true,
    help: 'films of a window, for a state that begins; default 200',
  },
} as const satisfies Readonly<Record<string, Option>>;
