import type { io } from '@tensorflow/tfjs-core';
import { type Kept, keep, kept } from './database.js';

/** A model in this browser's own storage, as any handler of tfjs: for `save`, `load` and checkpoints. */
export function keptModel(name: Kept): Required<Pick<io.IOHandler, 'save' | 'load'>> {
  return {
    save: async (artifacts) => {
      await keep(name, artifacts);
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
    },
    load: async () => {
      const artifacts = await kept<io.ModelArtifacts>(name);
      if (!artifacts) throw new Error(`this browser keeps no ${name}`);
      return artifacts;
    },
  };
}
