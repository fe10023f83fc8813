import { byId, element } from '../page/elements.js';
import { greyCanvas } from '../page/pictures.js';
import type { Models } from '../storage/models.js';
import type { Neighbour } from '../workers/messages.js';

const SIDE = 64;

/** The normal films that a score is computed from, nearest first. */
export async function showNeighbours(
  models: Models,
  neighbours: readonly Neighbour[],
): Promise<void> {
  const list = byId('neighbour-list');
  const items = neighbours.map(({ name, angle }) => {
    const degrees = `${((180 * angle) / Math.PI).toFixed(0)}\u00b0`;
    return element('li', {}, element('span', { textContent: `${name}, ${degrees}` }));
  });
  list.replaceChildren(...items);
  byId('neighbour-note').textContent =
    'Of the normal films that the model learnt, those that it finds most alike, with the angle between their embeddings.';
  const films = await models.learntFilms().catch(() => undefined);
  if (!films) {
    byId('neighbour-note').textContent += ' Their pictures are not stored with this model.';
    return;
  }
  neighbours.forEach(({ row }, i) => {
    const grey = films.subarray(row * SIDE ** 2, (row + 1) * SIDE ** 2);
    items[i].prepend(greyCanvas({ grey, width: SIDE, height: SIDE }));
  });
}
