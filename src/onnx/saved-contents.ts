import type { io } from '@tensorflow/tfjs-core';
import type { Detector } from '../learning/detector.js';
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
  const artifacts = await savedArtifacts(model);
  const tensors = readTensors(where, artifacts, 'saladAd', storedWeights(where, artifacts));
  const description = artifacts.userDefinedMetadata?.saladAd as ModelDescription;
  check(
    !description.stored,
    'BANK_IN_STORE',
    () =>
      `${where}: the bank of the model lies in a store, and the file is to hold its rows; load a file that was saved before useStore, or call refreshBank.`,
  );
  check(
    tensors.has('bank'),
    'NOT_FITTED',
    () => `${where}: the model has no memory bank yet; call fit, or load a fitted model.`,
  );
  return { description, tensors };
}

/** What a detector hands to a handler. */
export async function savedArtifacts(detector: Pick<Detector, 'save'>): Promise<io.ModelArtifacts> {
  let saved: io.ModelArtifacts = {};
  await detector.save({
    async save(artifacts) {
      saved = artifacts;
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    },
  });
  return saved;
}
