import { byId, element, saveFile } from '../page/elements.js';
import { messageOf, say, warn } from '../page/speak.js';
import { startFilmThread } from '../workers/film-thread.js';
import type { ModelFacts } from '../workers/messages.js';
import type { ModelWithFilms } from './model-files.js';
import { type Models, type OfferedModel, sampleModel } from './models.js';
import { trainedModel } from './trained-model.js';

/** Prepares the page of the model: what it is, saving and loading. */
export function open(models: Models): void {
  makeModelPage();
  const { thread } = startFilmThread();
  const files = byId<HTMLInputElement>('model-files');
  const act = (id: string, work: () => Promise<void>) =>
    byId(id).addEventListener('click', () => void told(work));
  byId('load-model').addEventListener('click', () => files.click());
  files.addEventListener('change', () => {
    const picked = [...(files.files ?? [])];
    files.value = '';
    if (picked.length > 0)
      void told(async () => {
        const model = await thread.porter.open(picked);
        await use(models, offered(model, picked[0].name));
      });
  });
  act('use-sample', () => use(models, sampleModel));
  act('use-kept', async () => {
    const model = await trainedModel();
    if (!model) throw new Error('No model was trained in this browser yet; see Training.');
    await use(models, model);
  });
  act('save-model', async () => {
    // Both are asked for at once, of one model.
    const [packed, pictures] = await Promise.all([models.current.load(), models.learntFilms()]);
    saveFile(
      'salad-model.zip',
      whole(await thread.porter.zip({ ...packed, pictures })),
      'application/zip',
    );
    say('The model was saved as salad-model.zip.');
  });
  act('save-onnx', async () => {
    say('Writing the model as ONNX.');
    saveFile('salad-model.onnx', whole(await models.onnx()), 'application/octet-stream');
    say('The model was saved as salad-model.onnx.');
  });
  models.onChange(() => void told(() => showFacts(models)));
  void told(() => showFacts(models));
}

const whole = (bytes: Uint8Array) => bytes as Uint8Array<ArrayBuffer>;

const offered = ({ pictures, ...packed }: ModelWithFilms, name: string): OfferedModel => ({
  title: `from ${name}`,
  load: async () => packed,
  ...(pictures && { pictures: async () => pictures }),
});

async function use(models: Models, model: OfferedModel): Promise<void> {
  await models.use(model);
  say(`Films are scored with this model: ${model.title}.`);
}

/** Does something and tells what went wrong. */
async function told(work: () => Promise<void>): Promise<void> {
  warn('');
  try {
    await work();
  } catch (error) {
    warn(messageOf(error));
  }
}

async function showFacts(models: Models): Promise<void> {
  const model = models.current;
  const facts = await models.start();
  // Another one may have been loaded meanwhile; its own facts come.
  if (models.current !== model) return;
  const rows = Object.entries(described(model.title, facts));
  byId('model-facts').replaceChildren(
    ...rows.flatMap(([name, value]) => [
      element('dt', { textContent: name }),
      element('dd', { textContent: value }),
    ]),
  );
}

const described = (title: string, { films, side, promise, threshold, gated }: ModelFacts) => ({
  Model: title,
  Learnt: films === undefined ? 'not told by an .onnx file' : `${films} normal films`,
  Looks: `at ${side} pixels`,
  Threshold:
    threshold === undefined ? 'none: it was not calibrated' : `${threshold.toFixed(3)}: ${promise}`,
  Gate: gated
    ? 'compares each picture with the films that it learnt'
    : 'looks for colour and shape alone: the model came without the films that it learnt',
});

function makeModelPage(): void {
  const button = (id: string, textContent: string, className = '') =>
    element('button', { type: 'button', id, textContent, className });
  const input = element('input', { type: 'file', id: 'model-files', multiple: true, hidden: true });
  input.accept = '.zip,.json,.bin,.onnx';
  input.setAttribute('aria-label', 'Files of a model');
  byId('page-model').replaceChildren(
    element('h2', { id: 'model-title', textContent: 'Model' }),
    element('dl', { id: 'model-facts' }),
    element(
      'p',
      { className: 'bar' },
      button('save-model', 'Save the model'),
      button('save-onnx', 'Save as ONNX'),
      button('load-model', 'Load a model'),
      input,
      button('use-kept', 'Use the model trained here'),
      button('use-sample', 'Use the sample model'),
    ),
    element('p', {
      className: 'note',
      textContent:
        "A saved model is a .zip; unpacked, Node loads the folder by fileSystem of 'salad-ad/node'. It holds small pictures of the films that it learnt. To load one, pick the .zip, model.json with the .bin file beside it, or an .onnx file of toOnnx, which scores but has no map; the first one brings its runtime, 14 MB, which is then stored with the page.",
    }),
  );
}
