import type { io } from '@tensorflow/tfjs-core';
import { readTensors, type StoredTensors, storedWeights } from '../learning/stored-tensors.js';
import type { ModelDescription } from '../model/model-file.js';
import type { SaladModel } from '../model/salad-model.js';
import { check, checkObject } from '../support/check.js';

/** A model as its file would hold it, on the host. */
export interface SavedContents {
  readonly description: ModelDescription;
  readonly tensors: StoredTensors;
}

/** What a fitted model would save: all that its scores are made of. @throws NOT_FITTED | INVALID_OPTION | DISPOSED */
export async function savedContents(where: string, model: SaladModel): Promise<SavedContents> {
  checkObject(where, 'model', model, 'a SaladModel', ['save', 'preparation', 'settings']);
  let saved: io.ModelArtifacts | undefined;
  await model.save({
    async save(artifacts) {
      saved = artifacts;
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    },
  });
  const artifacts = saved as unknown as io.ModelArtifacts;
  const tensors = readTensors(where, artifacts, 'saladAd', storedWeights(where, artifacts));
  check(
    tensors.has('bank'),
    'NOT_FITTED',
    () => `${where}: the model has no memory bank yet; call fit, or load a fitted model.`,
  );
  const description = artifacts.userDefinedMetadata?.saladAd as ModelDescription;
  return { description, tensors };
}
