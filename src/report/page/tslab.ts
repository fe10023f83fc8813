import { check, checkObject, checkText } from '../../support/check.js';

/**
 * Shows a figure or a page below the cell of a tslab notebook.
 *
 * @param display `display` of 'tslab', which this library never imports, or another object with `html`.
 * @param figure the source of an SVG of `figures`, or the HTML of `renderReport`, which gets a frame of its own; a promise of either too.
 * @returns when it is shown.
 * @throws INVALID_OPTION, and whatever the promise throws
 * @example
 * // in a notebook: import { display } from 'tslab';
 * await tslab(display, figures.trainingHistory(model.history));
 */
export async function tslab(
  display: { readonly html: (text: string) => void },
  figure: string | Promise<string>,
): Promise<void> {
  checkObject('tslab', 'display', display, "display of 'tslab'", ['html']);
  const text = await figure;
  checkText('tslab', 'figure', text, 'the source of a figure or of a page');
  check(
    text.trim() !== '',
    'INVALID_OPTION',
    () => 'tslab: figure is empty; expected the source of a figure or of a page.',
  );
  display.html(/^\s*<!doctype/i.test(text) ? framed(text) : text);
}

/** A page keeps its own style, and its policy, in a frame. */
function framed(page: string): string {
  const source = page.replace(/&/g, '&amp;').replace(/"/g, '&quot;');
  return `<iframe srcdoc="${source}" sandbox="" title="Report" style="width: 100%; height: 40rem; border: 1px solid #dcdfe3"></iframe>`;
}
