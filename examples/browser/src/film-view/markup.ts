import { byId, element } from '../page/elements.js';

/** A slider with its name. */
function slider(id: string, name: string, top: number, value: number): HTMLLabelElement {
  const input = element('input', {
    type: 'range',
    id,
    min: '0',
    max: String(top),
    value: String(value),
  });
  return element('label', { className: 'slider' }, element('span', { textContent: name }), input);
}

const button = (id: string, text: string, label = text) => {
  const made = element('button', { type: 'button', id, textContent: text });
  if (label !== text) made.setAttribute('aria-label', label);
  return made;
};

/** The elements of a film's view, empty; they are made once. */
export function makeFilmView(): void {
  const canvas = element('canvas', { id: 'canvas', tabIndex: 0 });
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-describedby', 'canvas-help');
  const scale = element('canvas', { id: 'scale', width: 256, height: 1 });
  scale.setAttribute('aria-hidden', 'true');
  const showMap = element('input', { type: 'checkbox', id: 'show-map', checked: true });
  byId('film').replaceChildren(
    element(
      'div',
      { className: 'film-head' },
      element('h3', { id: 'film-title', tabIndex: -1 }),
      button('close-film', 'Close', 'Close the film'),
    ),
    element('div', { id: 'film-facts', className: 'facts' }),
    element('div', { className: 'stage' }, canvas),
    element(
      'p',
      { className: 'bar probe' },
      button('zoom-in', '+', 'Zoom in'),
      button('zoom-out', '\u2212', 'Zoom out'),
      button('zoom-whole', 'Whole film'),
      element('output', { id: 'probe', textContent: 'Point at a pixel to read it.' }),
    ),
    element(
      'fieldset',
      { id: 'map-controls' },
      element('legend', { textContent: 'Map' }),
      element('label', {}, showMap, ' Show where the score comes from'),
      slider('opacity', 'Opacity', 100, 60),
      element(
        'div',
        { className: 'scale' },
        scale,
        element('span', { id: 'scale-low' }),
        element('span', { id: 'scale-high' }),
      ),
    ),
    element(
      'fieldset',
      {},
      element('legend', { textContent: 'Window' }),
      slider('level', 'Level', 1000, 500),
      slider('width', 'Width', 1000, 1000),
      element(
        'p',
        { className: 'bar' },
        button('window-reset', 'Reset'),
        element('output', { id: 'window-text' }),
      ),
    ),
    element(
      'section',
      { id: 'neighbours' },
      element('h4', { textContent: 'Nearest normal films' }),
      element('ol', { id: 'neighbour-list', className: 'neighbours' }),
      element('p', { className: 'note', id: 'neighbour-note' }),
    ),
    element('p', {
      id: 'canvas-help',
      className: 'note',
      textContent:
        'Keys on the film: arrows move the probe, Shift and arrows move the film, + and \u2212 zoom, 0 shows it whole.',
    }),
  );
}
