import { byId, element } from '../page/elements.js';
import { LENGTH_TEXT } from './run.js';

/** The elements of the page of training, made once. */
export function makeTrainingPage(): void {
  const lengths = Object.entries(LENGTH_TEXT).map(([value, text]) => new Option(text, value));
  const backends = [
    ['best', 'The best there is'],
    ['webgpu', 'WebGPU'],
    ['webgl', 'WebGL'],
    ['wasm', 'WebAssembly'],
  ].map(([value, text]) => new Option(text, value));
  const films = (value: string, text: string, checked = false) =>
    element(
      'label',
      {},
      element('input', { type: 'radio', name: 'training-films', value, checked }),
      text,
    );
  const button = (id: string, text: string, className = '') =>
    element('button', { type: 'button', id, textContent: text, className });
  byId('page-training').replaceChildren(
    element('h2', { id: 'training-title', textContent: 'Training' }),
    element('p', {
      className: 'note',
      textContent:
        'A model learns what normal films look like, on this machine. Abnormal films, where there are some, only show how well it does. Films are brought to 64 x 64 pixels.',
    }),
    element(
      'div',
      { className: 'settings', id: 'training-settings' },
      element(
        'fieldset',
        {},
        element('legend', { textContent: 'Films' }),
        films('some', '200 of the sample films', true),
        films('sample', 'All 803 normal sample films'),
        films(
          'own',
          "A folder of your own: normal films, or folders 'normal' and 'abnormal' within it",
        ),
        element('input', { type: 'file', id: 'training-folder', hidden: true }),
      ),
      element('label', {}, 'Length ', element('select', { id: 'training-length' }, ...lengths)),
      element(
        'label',
        {},
        'Computed by ',
        element('select', { id: 'training-backend' }, ...backends),
      ),
    ),
    element(
      'p',
      { className: 'bar' },
      button('train', 'Train', 'main'),
      button('train-on', 'Go on with the last run'),
      button('train-stop', 'Stop'),
      button('use-trained', 'Score films with this model'),
    ),
    element(
      'div',
      { id: 'training-live', hidden: true },
      element('progress', { id: 'training-progress', max: 1, value: 0 }),
      element('p', { id: 'training-epoch' }),
      element('p', { id: 'training-step', className: 'note' }),
      element('p', { id: 'training-films-text', className: 'note' }),
      element('p', { id: 'training-backend-text', className: 'note' }),
    ),
    element('p', { id: 'training-result' }),
    element('div', { id: 'training-figures', className: 'figures' }),
  );
  byId('training-folder').setAttribute('webkitdirectory', '');
  byId('training-folder').setAttribute('aria-label', 'Folder of films to learn');
  byId('training-progress').setAttribute('aria-label', 'Training');
}

/** Shows figures, which are SVGs that this page has drawn itself. */
export function showFigures(given: readonly { readonly title: string; readonly svg: string }[]) {
  byId('training-figures').replaceChildren(
    ...given.map(({ title, svg }) => {
      const figure = element('figure', {}, element('figcaption', { textContent: title }));
      figure.append(document.createRange().createContextualFragment(svg));
      return figure;
    }),
  );
}
