import { transfer } from 'comlink';
import type { ModelWithFilms } from '../storage/model-files.js';

/** Models into files and out of them, away from the thread of the page. */
export class ModelPorter {
  async zip(model: ModelWithFilms): Promise<Uint8Array> {
    const { zipOf } = await import('../storage/model-files.js');
    const bytes = await zipOf(model);
    return transfer(bytes, [bytes.buffer]);
  }

  async open(files: readonly File[]): Promise<ModelWithFilms> {
    const { modelIn } = await import('../storage/model-files.js');
    return modelIn(files);
  }
}
