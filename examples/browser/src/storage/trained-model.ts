import type { io } from '@tensorflow/tfjs-core';
import type { FilmProfile } from '../gate/profile.js';
import { kept } from './database.js';
import type { OfferedModel } from './models.js';

/** A model that was trained in this browser, as it is kept. */
export interface KeptTrainedModel {
  readonly title: string;
  readonly artifacts: io.ModelArtifacts;
  readonly profile: FilmProfile;
  /** [rows][64 x 64]: the films that it learnt. */
  readonly pictures: Uint8Array;
}

/** The model that was trained here last; undefined where none was. */
export async function trainedModel(): Promise<OfferedModel | undefined> {
  const found = await kept<KeptTrainedModel>('trained-model');
  return (
    found && {
      title: `trained here on ${found.title}`,
      load: async () => ({ artifacts: found.artifacts, profile: found.profile }),
      pictures: async () => found.pictures,
    }
  );
}
