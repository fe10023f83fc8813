import type { FilmList } from './film-list.js';

/** What all films came to, as a sentence. */
export function summaryOf(films: FilmList): string {
  const { waiting, abnormal, normal, scored, refused, unreadable } = films.counts();
  const done = films.size - waiting;
  const parts = [
    `${abnormal} flagged`,
    `${normal} not flagged`,
    scored > 0 && `${scored} scored without a threshold`,
    refused > 0 && `${refused} not like the films that the model learnt`,
    unreadable > 0 && `${unreadable} cannot be read`,
  ].filter(Boolean);
  return `${filmsText(done)}: ${parts.join(', ')}.`;
}

export const filmsText = (count: number) => (count === 1 ? '1 film' : `${count} films`);
