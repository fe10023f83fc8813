import { resolve } from 'node:path';
import { startBackend } from '../frame/backend.js';
import { command } from '../frame/command.js';
import { backendOption, modelOption } from '../frame/common-options.js';
import { exitCodes } from '../frame/exit-codes.js';
import { misused } from '../frame/failure.js';
import { library } from '../frame/library.js';
import { loadModel, modelFolder } from '../frame/load-model.js';
import { checkFolder } from '../frame/outputs.js';
import { filesByRecipe } from '../images/files-by-recipe.js';
import { findFiles } from '../images/find-files.js';
import { type MapMethod, mapMethod, mapPicture } from '../results/map-picture.js';
import { writeWhole } from '../results/write-whole.js';

/** `salad-ad explain`. */
export const explain = command({
  name: 'explain',
  usage: 'FILES... --model FOLDER --out FOLDER',
  examples: [
    [
      'salad-ad explain film.dcm --model model --out maps',
      'maps/film.dcm.png: the film as the model sees it, and where its score comes from',
    ],
    [
      'salad-ad explain films --model model --out maps --method occlusion',
      'by covering squares: slower',
    ],
  ],
  details:
    'A map shows what moved the score, not where a disease is: docs/maps.md says how often each kind points at a lesion. Yellow is weak, red is strong.',
  options: {
    model: modelOption,
    out: {
      type: 'text',
      value: 'FOLDER',
      lineOnly: true,
      help: 'where the pictures are written, as PNG',
    },
    method: {
      type: 'text',
      value: 'NAME',
      choices: ['gradient', 'reconstruction', 'occlusion', 'cells'],
      help: 'default gradient, or cells for an encoder that cannot draw',
    },
    backend: backendOption,
  },
  async run(paths, given, say) {
    if (!given.out) throw misused('--out is missing; name a folder for the pictures');
    await checkFolder(given.out);
    const folder = await modelFolder(given.model);
    const files = await findFiles(paths);
    if (files.length === 0) throw misused('no images are named; give files, folders or patterns');
    await startBackend(given.backend);
    const model = await loadModel(folder);
    const method = (given.method as MapMethod | undefined) ?? mapMethod(model);
    let unread = 0;
    try {
      const source = await filesByRecipe(files, model.preparation);
      const began = performance.now();
      for (const [i, file] of files.entries()) {
        const done = i + 1;
        const picture = await pngOfMap(model, source, i, method, say).catch((error) => {
          if (error?.code !== 'IMAGE_UNREADABLE') throw error;
          say.warning({
            code: `IMAGE_UNREADABLE ${file}`,
            message: `'${file}': ${error.message.replace(/^[\w.]+: /, '')}`,
          });
        });
        if (picture) await writeWhole(resolve(given.out, `${nameOf(file)}.png`), picture);
        else unread += 1;
        const secondsLeft = ((performance.now() - began) / 1000 / done) * (files.length - done);
        say.progress('maps', { done, total: files.length, secondsLeft });
      }
    } finally {
      model.dispose();
    }
    say.note(`wrote ${files.length - unread} pictures to '${given.out}'`);
    return unread > 0 ? exitCodes.incomplete : exitCodes.done;
  },
});

async function pngOfMap(...film: Parameters<typeof mapPicture>): Promise<Uint8Array> {
  const { encodePng } = library('salad-ad/explain');
  return encodePng(await mapPicture(...film));
}

/** A name without folders, that no file in another folder has. */
const nameOf = (file: string) => file.replace(/^([./\\]|\w:)+/, '').replace(/[/\\]/g, '__');
