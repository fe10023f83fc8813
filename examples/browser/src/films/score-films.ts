import { byId } from '../page/elements.js';
import { messageOf, say, warn } from '../page/speak.js';
import type { Models } from '../storage/models.js';
import type { FilmList } from './film-list.js';
import { filmsText, summaryOf } from './summary.js';

/**
 * Adds films to the list and has each of them scored; what went wrong is told, and costs no other film.
 *
 * Without any given, those in the list are scored again, by another model.
 */
export async function scoreFilms(options: {
  readonly films: FilmList;
  readonly models: Models;
  readonly given: readonly File[];
}): Promise<void> {
  const { films, models, given } = options;
  const added = given.length > 0 ? given.map((file) => films.add(file)) : films.all;
  for (const { id } of added) films.setResult(id, undefined);
  say(`Loading the model for ${filmsText(added.length)}.`);
  try {
    const { promise } = await models.start(added.length);
    byId('promise').textContent = promise
      ? `A film is flagged from the threshold on: ${promise}.`
      : '';
  } catch (error) {
    for (const { id } of added)
      films.setResult(id, { kind: 'unreadable', code: 'NO_MODEL', message: messageOf(error) });
    warn(`The model could not be loaded: ${messageOf(error)}`);
    return;
  }
  say(`Scoring ${filmsText(added.length)}.`);
  await Promise.all(
    added.map(async ({ id, file }) => films.setResult(id, await models.score(file))),
  );
  films.tellNow();
  say(summaryOf(films));
}
