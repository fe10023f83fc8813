import { html, type Markup } from './markup.js';

type Cell = string | number | Markup | false;

/** A table of numbers that scrolls by itself where it is too wide; cells that are false are left out. */
export function numbers(
  label: string,
  note: string | undefined,
  head: readonly Cell[] | undefined,
  rows: readonly (readonly Cell[])[],
): Markup {
  const kept = (cells: readonly Cell[]) => cells.filter((cell) => cell !== false);
  return html`${note ? html`<p class="note">${note}</p>` : undefined}
<div class="scroll" tabindex="0" role="region" aria-label="${label}"><table class="numbers">${
    head &&
    html`
<thead><tr>${kept(head).map((cell) => html`<th scope="col">${cell}</th>`)}</tr></thead>`
  }
<tbody>${rows.map((row) => {
    const [name, ...values] = kept(row);
    return html`
<tr><th scope="row">${name}</th>${values.map((value) => html`<td>${value}</td>`)}</tr>`;
  })}</tbody></table></div>`;
}
