import type { io } from '@tensorflow/tfjs-core';
import { subset } from '../data/combine.js';
import type { ImageSource } from '../images/image-source.js';
import { SaladModel } from '../model/salad-model.js';
import { RandomStream } from '../support/random.js';
import type { AcrossPlan } from './across-options.js';
import { lentBackbone } from './lent-backbone.js';

/** What an extended copy of a model says. */
export interface ExtendedScores {
  /** [images of the judged part]. */
  readonly judged: Float32Array;
  /** By the local normals that its bank was extended by. */
  readonly threshold: number;
}

/** How often m local normals are drawn for the bank: each draw scores all judged images again. */
const DRAWS = 3;

/** A model whose bank takes more normal images; a copy of it is made through its file. */
export function isExtendable(detector: object): detector is SaladModel {
  return detector instanceof SaladModel;
}

/**
 * Copies of a fitted model, each extended by m local normals that set its threshold too: `model.extend(normals, { calibrate: true })`.
 *
 * @returns for each number of local normals its draws; empty where there are too few
 */
export async function extendedCopies(
  model: SaladModel,
  { local, judged }: { readonly local: ImageSource; readonly judged: ImageSource },
  { normals, draws, quantile }: AcrossPlan,
  signal?: AbortSignal,
): Promise<readonly (readonly ExtendedScores[])[]> {
  const file = await savedInMemory(model);
  const { imageNormalization } = model;
  // No file holds a frozen encoder, or a backbone or a normalisation of the user's own; nothing below changes a weight.
  const pieces = () => ({ backbone: lentBackbone(model.backbone), imageNormalization });
  const all: ExtendedScores[][] = [];
  for (const count of normals) {
    const found: ExtendedScores[] = [];
    all.push(found);
    for (let draw = 0; count <= local.length && draw < Math.min(DRAWS, draws); draw++) {
      const order = new RandomStream(draw, ['local normals', count]).permutation(local.length);
      const copy = await SaladModel.load(file, pieces());
      try {
        const drawn = subset(local, order.subarray(0, count));
        await copy.extend(drawn, { calibrate: { quantile }, signal });
        const { scores } = await copy.score(judged, { signal });
        found.push({ judged: scores, threshold: copy.threshold as number });
      } finally {
        copy.dispose();
      }
    }
  }
  return all;
}

async function savedInMemory(model: SaladModel): Promise<io.IOHandler> {
  let kept: io.ModelArtifacts | undefined;
  await model.save({
    async save(artifacts) {
      kept = artifacts;
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
    },
  });
  return { load: async () => kept as io.ModelArtifacts };
}
