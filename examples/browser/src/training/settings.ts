import type { SaladOptions } from 'salad-ad';
import { SAMPLE_SIDE } from './sample-source.js';

/** The sample model, and what the page trains unless told otherwise: smaller than the library's defaults, so that its file has 2 MB, and half the epochs. */
export const sampleSettings: SaladOptions = {
  backbone: {
    kind: 'convAutoencoder',
    inputShape: [SAMPLE_SIDE, SAMPLE_SIDE, 1],
    embeddingSize: 32,
  },
  cells: { coreset: 1000 },
  pretrainEpochs: 6,
  rounds: 3,
  epochsPerRound: 3,
  resize: { method: 'area', fit: 'stretch' },
  seed: 7,
};
