import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../paths.js';

/** What docs/baselines.md says of a detector, in the words of its tables. */
export interface BaselineRow {
  readonly name: string;
  readonly idea: string;
  readonly source: string;
  readonly labels: string;
  readonly settings: string;
  readonly pitfalls: string;
}

/** The rows of both tables of docs/baselines.md. */
export function baselineRows(): BaselineRow[] {
  return rowsOf('docs/baselines.md')
    .filter((cells) => cells.length === 6 && /^`\w+`$/.test(cells[0]))
    .map(([name, idea, source, labels, settings, pitfalls]) => ({
      name: name.replaceAll('`', ''),
      idea,
      source,
      labels,
      settings,
      pitfalls,
    }));
}

/** The rows of docs/deviations.md that name a detector, and the rows on a part of it that follow. */
export function deviationsOf(name: string): string[][] {
  const [, section] = readFileSync(join(root, 'docs/deviations.md'), 'utf8').split(
    '## Other detectors',
  );
  const rows = tableRows(section).filter((cells) => cells.length === 3);
  return rows.filter(([what], i) => {
    const own = what.startsWith('its ') ? `${rows[i - 1][0]} ${what}` : what;
    return own.includes(`\`${name}\``);
  });
}

function rowsOf(page: string): string[][] {
  return tableRows(readFileSync(join(root, page), 'utf8'));
}

function tableRows(markdown: string): string[][] {
  return markdown
    .split('\n')
    .filter((line) => /^\|.*\|$/.test(line) && !/^\|[-| ]+\|$/.test(line))
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    );
}
