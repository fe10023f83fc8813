import type { Speaker } from '../frame/command.js';
import { unusable } from '../frame/failure.js';
import { library } from '../frame/library.js';
import { imagesText } from '../frame/names.js';
import type { Row } from './row.js';
import type { RowSet } from './row-set.js';

/**
 * Says of each row whether it is among those that may be called abnormal at a false discovery rate, by Benjamini and Hochberg; all rows of
 * a batch are judged together.
 *
 * @throws Failure where rows have no p-value, since the model holds no scores of normals
 */
export async function selectRows(rows: RowSet, rate: number, say: Speaker): Promise<RowSet> {
  const pValues: number[] = [];
  for await (const { pValue } of rows.read()) if (pValue !== undefined) pValues.push(pValue);
  if (pValues.length === 0)
    throw unusable(
      'the scores have no p-values, which --false-discoveries selects by; `salad-ad calibrate` gives a model the scores of normal images',
    );
  const { conformal } = library('salad-ad/metrics');
  const { selected, restsOn } = conformal.benjaminiHochberg(pValues, rate);
  const chosen = selected.filter(Boolean).length;
  const share = `${Number((100 * rate).toPrecision(3))}%`;
  say.note(
    `${chosen} of ${imagesText(pValues.length)} ${chosen === 1 ? 'is' : 'are'} selected; at most ${share} of the selected ones are expected to be normal, which ${restsOn}`,
  );
  const lowest = least(pValues);
  if (chosen === 0)
    say.note(
      `for any to be selected, ${Math.ceil((pValues.length * lowest) / rate)} images would need p-values as low as ${lowest.toPrecision(3)}; more validation normals allow lower ones, and a smaller batch or a higher rate asks for less`,
    );
  return { ...rows, read: () => withSelection(rows.read(), selected) };
}

async function* withSelection(
  rows: AsyncIterable<Row>,
  selected: readonly boolean[],
): AsyncGenerator<Row> {
  let at = 0;
  for await (const row of rows)
    yield row.pValue === undefined ? row : { ...row, selected: selected[at++] };
}

const least = (values: readonly number[]) => values.reduce((low, value) => Math.min(low, value), 1);
