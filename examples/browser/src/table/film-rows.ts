import {
  type Film,
  pValueOf,
  reasonsOf,
  scoreOf,
  VERDICT_TEXT,
  type Verdict,
  verdictOf,
} from '../films/film.js';
import { element } from '../page/elements.js';
import { greyCanvas } from '../page/pictures.js';
import type { FilmResult } from '../workers/messages.js';

/** A row that is in the page, and what it was made of. */
interface Row {
  readonly element: HTMLTableRowElement;
  readonly result: FilmResult | undefined;
  readonly isOpen: boolean;
}

/** The rows that are in the page; one whose film has nothing new stays as it is, and is moved where it has to. */
export class FilmRows {
  private rows = new Map<number, Row>();

  constructor(
    private readonly body: HTMLElement,
    private readonly open: (film: Film) => void,
  ) {}

  /** Shows these films in this order; the focus stays on the film that had it. */
  show(films: readonly Film[], opened: number | undefined): void {
    const focused = document.activeElement?.closest<HTMLElement>('#rows tr')?.dataset.film;
    const before = this.rows;
    this.rows = new Map(films.map((film) => [film.id, this.row(film, film.id === opened, before)]));
    let at = this.body.firstElementChild;
    for (const { element: row } of this.rows.values())
      if (row === at) at = at.nextElementSibling;
      else this.body.insertBefore(row, at);
    while (at) {
      const next = at.nextElementSibling;
      at.remove();
      at = next;
    }
    const button = focused && this.rows.get(Number(focused))?.element.querySelector('button');
    if (button && button !== document.activeElement) button.focus();
  }

  private row(film: Film, isOpen: boolean, before: ReadonlyMap<number, Row>): Row {
    const known = before.get(film.id);
    const { result } = film;
    if (known?.result === result && known?.isOpen === isOpen) return known;
    // Its picture does not change with being opened.
    const picture = known?.result === result ? known?.element.querySelector('canvas') : undefined;
    return { element: this.drawn(film, isOpen, picture ?? pictureOf(film)), result, isOpen };
  }

  private drawn(film: Film, isOpen: boolean, picture: HTMLElement | undefined) {
    const verdict = verdictOf(film);
    const name = element('button', { type: 'button', className: 'name', textContent: film.name });
    name.addEventListener('click', () => this.open(film));
    if (isOpen) name.setAttribute('aria-current', 'true');
    const [reason] = reasonsOf(film);
    const pValue = numberText(pValueOf(film), 3);
    const row = element(
      'tr',
      { className: isOpen ? 'opened' : '' },
      element('td', { className: 'picture' }, picture),
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
}

const pictureOf = ({ result }: Film) =>
  result && result.kind !== 'unreadable' ? greyCanvas(result.thumbnail) : undefined;

const verdictMark = (verdict: Verdict) =>
  element('span', { className: `verdict ${verdict}`, textContent: VERDICT_TEXT[verdict] });

/** A number as people read it; nothing where there is none. */
const numberText = (value: number | undefined, digits: number): string =>
  value === undefined ? '' : value.toFixed(digits);
