import { type Film, VERDICT_TEXT, type Verdict } from '../films/film.js';
import type { FilmList } from '../films/film-list.js';
import { byId, saveFile } from '../page/elements.js';
import { FilmRows } from './film-rows.js';
import { arranged, type Column, type Filter, type Order } from './order.js';

/** Rows that are in the page at a time, so that it stays quick with thousands of films. */
const ROWS = 50;

/** The table of films: sorted, filtered, a page of rows at a time. */
export class FilmTable {
  private order: Order = { column: 'score', descending: true };
  private filter: Filter = { text: '', verdict: 'all' };
  private first = 0;
  private shown: readonly Film[] = [];
  private readonly rows: FilmRows;
  private opened?: number;

  constructor(
    private readonly films: FilmList,
    open: (film: Film) => void,
  ) {
    this.rows = new FilmRows(byId('rows'), open);
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
    this.rows.show(page, this.opened);
    const last = this.first + page.length;
    const place = page.length === 0 ? 'No film matches' : `${this.first + 1} to ${last}`;
    byId('place').textContent = `${place} of ${this.shown.length}`;
    byId('pager').hidden = this.films.size <= ROWS && page.length > 0;
    byId<HTMLButtonElement>('previous').disabled = this.first === 0;
    byId<HTMLButtonElement>('next').disabled = last >= this.shown.length;
  }

  private heads(): readonly HTMLElement[] {
    return [...document.querySelectorAll<HTMLElement>('th[data-column]')];
  }
}
