import type { ImageSource } from 'salad-ad';
import type { RecordSourceOptions } from 'salad-ad/node';
import type { Speaker } from '../frame/command.js';
import { library } from '../frame/library.js';
import type { Part } from './training-parts.js';

/** The images of records, brought to a size where one is given; those that cannot be read are told and left out. */
export async function sourceOf(
  { root, records }: Part,
  options: RecordSourceOptions,
  say: Speaker,
): Promise<ImageSource> {
  const { recordSource } = library('salad-ad/node');
  return recordSource(root, records, {
    ...options,
    followLinks: true,
    onUnreadable: 'skip',
    onProblem: ({ id, code, message }) =>
      say.warning({ code: `${code} ${id}`, message: `'${id}': ${message}` }),
  });
}
