import { type Film, pValueOf, reasonsOf, scoreOf, VERDICT_TEXT, verdictOf } from '../films/film.js';

/** Films as a table in CSV. A cell that a spreadsheet would compute begins with an apostrophe. */
export async function csvOf(films: readonly Film[]): Promise<string> {
  const { unparse } = await import('papaparse');
  const rows = films.map((film) => ({
    film: film.name,
    score: scoreOf(film) ?? '',
    p_value: pValueOf(film) ?? '',
    verdict: VERDICT_TEXT[verdictOf(film)],
    reason: reasonsOf(film).join(' '),
  }));
  return unparse(rows, { escapeFormulae: true, newline: '\n' });
}
