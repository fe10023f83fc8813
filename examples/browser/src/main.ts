import { droppedFiles, isShown } from './films/dropped-files.js';
import { FilmList } from './films/film-list.js';
import { scoreFilms } from './films/score-films.js';
import { byId } from './page/elements.js';
import { startOffline } from './page/offline.js';
import { startRoutes } from './page/routes.js';
import { messageOf, warn } from './page/speak.js';
import { Models } from './storage/models.js';
import { FilmTable } from './table/film-table.js';

const films = new FilmList();
const models = new Models();

/** The view of one film is loaded when one is opened first. */
const view = () =>
  import('./film-view/film-view.js').then(({ openFilmView }) =>
    openFilmView({ films, models, onClose: () => table.mark(undefined) }),
  );
let opening: ReturnType<typeof view> | undefined;

const table = new FilmTable(films, (film) => {
  table.mark(film.id);
  opening ??= view();
  void opening.then((opened) => opened.show(film)).catch((error) => warn(messageOf(error)));
});

async function take(given: readonly File[]): Promise<void> {
  warn('');
  location.hash = '#films';
  if (given.length === 0)
    warn('There was no file in what you gave. Pick films or a folder of films.');
  else await scoreFilms({ films, models, given });
}

for (const id of ['files', 'folder']) {
  const input = byId<HTMLInputElement>(id);
  byId(`pick-${id}`).addEventListener('click', () => {
    input.click();
    // It loads while somebody looks for the films.
    models.startSoon();
  });
  input.addEventListener('change', () => {
    void take([...(input.files ?? [])].filter(isShown));
    input.value = '';
  });
}
byId('try-sample').addEventListener('click', async () => {
  const { sampleFiles } = await import('./films/sample-files.js');
  void sampleFiles()
    .then(take)
    .catch((error) => warn(messageOf(error)));
});
byId('clear').addEventListener('click', () => {
  films.clear();
  models.forgetQueue();
  void opening?.then((opened) => opened.close());
});

addEventListener('dragover', (event) => {
  event.preventDefault();
  document.body.classList.add('dragging');
  models.startSoon();
});
addEventListener('dragleave', (event) => {
  if (!event.relatedTarget) document.body.classList.remove('dragging');
});
addEventListener('drop', (event) => {
  event.preventDefault();
  document.body.classList.remove('dragging');
  if (event.dataTransfer) void droppedFiles(event.dataTransfer).then(take);
});

// What an earlier model said of the films is not what this one says.
models.onChange(() => {
  byId('model-line').textContent = `Model: ${models.current.title}.`;
  void opening?.then((opened) => opened.close());
  if (films.size > 0) void scoreFilms({ films, models, given: [] });
});

startRoutes({
  training: () => void import('./training/training-page.js').then((page) => page.open(models)),
  model: () => void import('./storage/model-page.js').then((page) => page.open(models)),
});
startOffline();
