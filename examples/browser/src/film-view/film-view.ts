import { type Film, pValueOf, reasonsOf, scoreOf, VERDICT_TEXT, verdictOf } from '../films/film.js';
import type { FilmList } from '../films/film-list.js';
import { summaryOf } from '../films/summary.js';
import { byId, element } from '../page/elements.js';
import { messageOf, say } from '../page/speak.js';
import type { Models } from '../storage/models.js';
import { startFilmThread } from '../workers/film-thread.js';
import { colouredMap, ownScale, paintScale } from './colours.js';
import { handleStage } from './gestures.js';
import { makeFilmView } from './markup.js';
import { showNeighbours } from './neighbours.js';
import { Probe } from './probe.js';
import { Stage } from './stage.js';
import { WindowControls } from './window-controls.js';

/** The view of one film, beside the table or below it. */
export interface FilmView {
  readonly show: (film: Film) => Promise<void>;
  readonly close: () => void;
}

export function openFilmView(options: {
  readonly films: FilmList;
  readonly models: Models;
  readonly onClose: () => void;
}): FilmView {
  const { films, models, onClose } = options;
  makeFilmView();
  const { thread } = startFilmThread();
  const canvas = byId<HTMLCanvasElement>('canvas');
  const stage = new Stage(canvas);
  const probe = new Probe(stage, thread.viewer);
  const windows = new WindowControls(stage, thread.viewer);
  handleStage(canvas, stage, probe);
  fitCanvas(canvas, stage);
  paintScale(byId<HTMLCanvasElement>('scale'));
  startMapControls(stage);

  let shown: Film | undefined;
  let opener: HTMLElement | undefined;
  const close = () => {
    byId('film').hidden = true;
    document.body.classList.remove('film-open');
    shown = undefined;
    onClose();
    if (films.size > 0 && films.counts().waiting === 0) say(summaryOf(films));
    document
      .querySelector<HTMLElement>(`#rows tr[data-film="${opener?.dataset.film}"] button`)
      ?.focus();
  };
  byId('close-film').addEventListener('click', close);
  byId('film').addEventListener('keydown', ({ key }) => {
    if (key === 'Escape') close();
  });

  async function show(film: Film): Promise<void> {
    shown = film;
    opener = document.querySelector<HTMLElement>(`#rows tr[data-film="${film.id}"]`) ?? undefined;
    byId('film').hidden = false;
    document.body.classList.add('film-open');
    byId('film-title').textContent = film.name;
    byId('film-title').focus();
    showFacts(film);
    say(`${film.name}: ${VERDICT_TEXT[verdictOf(film)].toLowerCase()}.`);
    const isCurrent = () => shown === film;
    const { result } = film;
    byId('map-controls').hidden = result?.kind !== 'scored';
    byId('neighbours').hidden = result?.kind !== 'scored';
    canvas.setAttribute('aria-label', `Film ${film.name}`);
    if (result?.kind === 'unreadable') {
      stage.begin(1, 1, false);
      return;
    }
    try {
      const facts = await thread.viewer.open(film.file);
      const { isPadded, hasMaps, mapScale } = await models.start();
      if (!isCurrent()) return;
      stage.begin(facts.width, facts.height, isPadded);
      probe.begin(facts);
      await windows.begin(facts);
      if (result?.kind !== 'scored' || !isCurrent()) return;
      const neighbours = showNeighbours(models, result.neighbours);
      byId('map-controls').hidden = !hasMaps;
      if (!hasMaps) return;
      const map = await models.map(film.file);
      if (!isCurrent()) return;
      const scale = mapScale ?? ownScale(map);
      byId('scale-low').textContent = mapScale ? `${scale.usual.toFixed(2)}: usual` : '0';
      byId('scale-high').textContent = mapScale
        ? `${scale.highest.toFixed(2)}: as high as in any normal film`
        : scale.highest.toFixed(2);
      stage.map = await colouredMap(map, scale);
      stage.draw();
      say(`${film.name}: map shown.`);
      await neighbours;
      byId('film').dataset.ready = String(film.id);
    } catch (error) {
      byId('film-facts').append(
        element('p', { className: 'reason', textContent: messageOf(error) }),
      );
    }
  }
  return { show, close };
}

function showFacts(film: Film): void {
  const verdict = verdictOf(film);
  const facts = [
    element('span', { className: `verdict ${verdict}`, textContent: VERDICT_TEXT[verdict] }),
    ...(scoreOf(film) === undefined ? [] : [` Score ${scoreOf(film)?.toFixed(3)}`]),
    ...(pValueOf(film) === undefined ? [] : [`, p-value ${pValueOf(film)?.toFixed(3)}`]),
  ];
  const reasons = reasonsOf(film).map((textContent) =>
    element('p', { className: 'reason', textContent }),
  );
  const refused =
    film.result?.kind === 'refused' &&
    element('p', { textContent: 'It gets no score, since a score would mean nothing:' });
  byId('film-facts').replaceChildren(
    element('p', {}, ...facts),
    ...(refused ? [refused] : []),
    ...reasons,
  );
}

function startMapControls(stage: Stage): void {
  const [show, opacity] = ['show-map', 'opacity'].map((id) => byId<HTMLInputElement>(id));
  const change = () => {
    stage.opacity = show.checked ? Number(opacity.value) / 100 : 0;
    stage.draw();
  };
  show.addEventListener('change', change);
  opacity.addEventListener('input', change);
}

/** As many pixels as the screen has there. */
function fitCanvas(canvas: HTMLCanvasElement, stage: Stage): void {
  new ResizeObserver(() => {
    const ratio = Math.min(2, devicePixelRatio);
    canvas.width = Math.max(1, Math.round(canvas.clientWidth * ratio));
    canvas.height = Math.max(1, Math.round(canvas.clientHeight * ratio));
    stage.draw();
  }).observe(canvas);
}
