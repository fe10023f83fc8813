import type { ImageSource } from 'salad-ad';
import type { RecordSourceOptions } from 'salad-ad/node';
import type { Speaker } from '../frame/command.js';
import { library } from '../frame/library.js';
import type { Part } from './training-parts.js';

/**
 * The images of records, brought to a size where one is given; those that cannot be read are left out, and told by this source unless
 * threads that read it do.
 */
export async function sourceOf(
  { root, records }: Part,
  options: RecordSourceOptions,
  say: Speaker | undefined,
): Promise<ImageSource> {
  const { recordSource } = library('salad-ad/node');
  return recordSource(root, records, {
    ...options,
    followLinks: true,
    onUnreadable: 'skip',
    // A thread could not be sent this.
    ...(say && {
      onProblem: ({ id, code, message }) =>
        say.warning({ code: `${code} ${id}`, message: `'${id}': ${message}` }),
    }),
  });
}
