import type { Speaker } from '../frame/command.js';
import type { RowSet } from './row-set.js';
import type { ScoreRun } from './scoring.js';
import { selectRows } from './select-rows.js';
import { writeTable } from './table.js';

/** The table of a run, with the selection where that is asked for. */
export async function writeRows(
  { format, given }: ScoreRun,
  out: string,
  rows: RowSet,
  say: Speaker,
): Promise<void> {
  const { falseDiscoveries: rate } = given;
  const chosen = rate === undefined ? rows : await selectRows(rows, rate, say);
  await writeTable(out, format, chosen.read());
  say.note(
    `wrote ${rows.count} ${rows.count === 1 ? 'row' : 'rows'} to '${out}'; \`salad-ad evaluate ${out} --labelled FOLDER\` judges them where labels are known`,
  );
}
