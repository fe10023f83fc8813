import {
  type Film,
  pValueOf,
  reasonsOf,
  scoreOf,
  VERDICT_TEXT,
  type Verdict,
  verdictOf,
} from '../films/film.js';
import type { FilmList } from '../films/film-list.js';
import { byId, element, saveFile } from '../page/elements.js';
import { greyCanvas } from '../page/pictures.js';
import { arranged, type Column, type Filter, type Order } from './order.js';

/** Rows that are in the page at a time, so that it stays quick with thousands of films. */
const ROWS = 50;

/** The table of films: sorted, filtered, a page of rows at a time. */
export class FilmTable {
  private order: Order = { column: 'score', descending: true };
  private filter: Filter = { text: '', verdict: 'all' };
  private first = 0;
  private shown: readonly Film[] = [];
  private readonly thumbnails = new WeakMap<object, HTMLCanvasElement>();
  private opened?: number;

  constructor(
    private readonly films: FilmList,
    private readonly open: (film: Film) => void,
  ) {
    films.onChange(() => this.draw());
    this.startFilters();
    for (const head of this.heads())
      head.querySelector('button')?.addEventListener('click', () => this.sortBy(head));
    byId('previous').addEventListener('click', () => this.turn(-ROWS));
    byId('next').addEventListener('click', () => this.turn(ROWS));
    byId('save-csv').addEventListener('click', () => void this.save());
    this.draw();
  }

  /** Marks the film that is open beside the table. */
  mark(id: number | undefined): void {
    this.opened = id;
    this.draw();
  }

  private startFilters(): void {
    const verdicts = Object.entries(VERDICT_TEXT).map(([value, text]) => new Option(text, value));
    const select = byId<HTMLSelectElement>('filter-verdict');
    select.append(new Option('All', 'all'), ...verdicts);
    const text = byId<HTMLInputElement>('filter-text');
    const change = () => {
      this.filter = { text: text.value, verdict: select.value as Verdict | 'all' };
      this.first = 0;
      this.draw();
    };
    text.addEventListener('input', change);
    select.addEventListener('change', change);
    byId('filters').addEventListener('submit', (event) => event.preventDefault());
  }

  private sortBy(head: HTMLElement): void {
    const column = head.dataset.column as Column;
    const descending = this.order.column === column ? !this.order.descending : column === 'score';
    this.order = { column, descending };
    this.first = 0;
    this.draw();
  }

  private turn(by: number): void {
    this.first = Math.max(0, this.first + by);
    this.draw();
  }

  private async save(): Promise<void> {
    const { csvOf } = await import('./csv.js');
    saveFile('films.csv', await csvOf(this.shown), 'text/csv');
  }

  private draw(): void {
    byId('table').hidden = this.films.size === 0;
    byId('drop').classList.toggle('slim', this.films.size > 0);
    this.shown = arranged(this.films.all, this.filter, this.order);
    if (this.first >= this.shown.length) this.first = 0;
    const page = this.shown.slice(this.first, this.first + ROWS);
    for (const head of this.heads()) {
      const isSorted = head.dataset.column === this.order.column;
      const way = this.order.descending ? 'descending' : 'ascending';
      head.setAttribute('aria-sort', isSorted ? way : 'none');
    }
    this.drawRows(page);
    const last = this.first + page.length;
    const place = page.length === 0 ? 'No film matches' : `${this.first + 1} to ${last}`;
    byId('place').textContent = `${place} of ${this.shown.length}`;
    byId('pager').hidden = this.films.size <= ROWS && page.length > 0;
    byId<HTMLButtonElement>('previous').disabled = this.first === 0;
    byId<HTMLButtonElement>('next').disabled = last >= this.shown.length;
  }

  /** Rows are made again, and the focus stays on the film that had it. */
  private drawRows(page: readonly Film[]): void {
    const focused = document.activeElement?.closest<HTMLElement>('#rows tr')?.dataset.film;
    byId('rows').replaceChildren(...page.map((film) => this.row(film)));
    if (focused)
      byId('rows').querySelector<HTMLElement>(`tr[data-film="${focused}"] button`)?.focus();
  }

  private row(film: Film): HTMLTableRowElement {
    const verdict = verdictOf(film);
    const name = element('button', { type: 'button', className: 'name', textContent: film.name });
    name.addEventListener('click', () => this.open(film));
    const isOpen = film.id === this.opened;
    if (isOpen) name.setAttribute('aria-current', 'true');
    const [reason] = reasonsOf(film);
    const pValue = numberText(pValueOf(film), 3);
    const row = element(
      'tr',
      { className: isOpen ? 'opened' : '' },
      element('td', { className: 'picture' }, this.thumbnail(film)),
      element(
        'td',
        {},
        name,
        // On a phone the last two columns are lines of this one.
        element('p', { className: 'phone' }, verdictMark(verdict), pValue && `, p ${pValue}`),
        reason && element('p', { className: 'reason', textContent: reason }),
      ),
      element('td', { className: 'number', textContent: numberText(scoreOf(film), 3) }),
      element('td', { className: 'number wide', textContent: pValue }),
      element('td', { className: 'wide' }, verdictMark(verdict)),
    );
    row.dataset.film = String(film.id);
    return row;
  }

  private thumbnail({ result }: Film): HTMLCanvasElement | undefined {
    if (!result || result.kind === 'unreadable') return undefined;
    const known = this.thumbnails.get(result) ?? greyCanvas(result.thumbnail);
    this.thumbnails.set(result, known);
    return known;
  }

  private heads(): readonly HTMLElement[] {
    return [...document.querySelectorAll<HTMLElement>('th[data-column]')];
  }
}

const verdictMark = (verdict: Verdict) =>
  element('span', { className: `verdict ${verdict}`, textContent: VERDICT_TEXT[verdict] });

/** A number as people read it; nothing where there is none. */
export const numberText = (value: number | undefined, digits: number): string =>
  value === undefined ? '' : value.toFixed(digits);
