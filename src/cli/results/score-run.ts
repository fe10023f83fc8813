import type { ImageSource, ScoreOptions } from 'salad-ad';
import type { Speaker } from '../frame/command.js';
import { library } from '../frame/library.js';
import { type Row, rowsOf } from './row.js';
import type { Scorer } from './scorer.js';

/** Images that are scored and kept at a time; whole batches of the model. */
const CHUNK = 256;

/**
 * Scores images from `first` on and gives their rows in order, chunk by chunk; the next chunk is begun before the last one has ended, so
 * that no thread waits.
 */
export async function* scoredRows(
  scorer: Scorer,
  source: ImageSource,
  { first, groupOf }: { readonly first: number; readonly groupOf?: (file: string) => string },
  say: Speaker,
): AsyncGenerator<Row[], void> {
  const { subset } = library('salad-ad/data');
  const options: ScoreOptions = {
    onWarning: (warning) => say.warning(warning),
    signal: say.signal,
    recipe: 'source',
    ...(groupOf && { groups: groupOf }),
  };
  let told = false;
  const score = async (start: number) => {
    const end = Math.min(start + CHUNK, source.length);
    const indices = Array.from({ length: end - start }, (_, i) => start + i);
    const result = await scorer.score(subset(source, indices), options);
    if (result.restsOn && !told) say.note(result.restsOn);
    told ||= result.restsOn !== undefined;
    return rowsOf(result, source.ids.slice(start, end));
  };
  const ahead = scorer.threads > 1 ? 1 + Math.ceil((64 * scorer.threads) / CHUNK) : 1;
  const begun: Promise<Row[]>[] = [];
  for (let next = first; next < source.length || begun.length > 0; ) {
    while (begun.length < ahead && next < source.length) {
      const rows = score(next);
      // Awaited in its turn; until then an error of it is not unheard.
      rows.catch(() => {});
      begun.push(rows);
      next += CHUNK;
    }
    yield await (begun.shift() as Promise<Row[]>);
  }
}
