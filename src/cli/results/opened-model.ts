import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OnnxScorer } from 'salad-ad/onnx';
import type { Speaker } from '../frame/command.js';
import { unusable } from '../frame/failure.js';
import { library } from '../frame/library.js';
import { loadModel, type ModelPlace } from '../frame/load-model.js';
import { openedDetector } from './opened-detector.js';
import type { Plan } from './scored.js';
import { type OpenedModel, scorerOf } from './scorer.js';
import { sessionOf } from './session.js';

/** SHA-256, as hex, of an exported file, or of the description that names the weights by their hash. */
export async function modelHashOf({ kind, path }: ModelPlace): Promise<string> {
  const bytes = await readFile(kind === 'onnx' ? path : join(path, 'model.json'));
  return createHash('sha256').update(bytes).digest('hex');
}

/** Opens a model of any kind for scoring. */
export async function openedModel(
  place: ModelPlace,
  plan: Plan,
  say: Speaker,
): Promise<OpenedModel> {
  if (place.kind === 'onnx') return exportedModel(place.path, plan);
  if (place.kind === 'detector') return openedDetector(place);
  const model = await loadModel(place.path);
  try {
    const scorer = await scorerOf(model, place.path, plan, say);
    return {
      preparation: model.preparation,
      scorer,
      model,
      end: async () => {
        await scorer.end();
        model.dispose();
      },
    };
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/** A file of `salad-ad export` on onnxruntime-node, which takes all cores by itself. */
async function exportedModel(path: string, { threads }: Plan): Promise<OpenedModel> {
  const file = await readFile(path);
  const { session, Tensor } = await sessionOf(path, threads);
  const scorer = scorerOfFile(path, { file, session, Tensor });
  return {
    preparation: scorer.preparation,
    scorer: {
      threads: 1,
      score: (images, options) => scorer.score(images, options),
      end: async () => {},
    },
    end: () => session.release(),
  };
}

function scorerOfFile(path: string, parts: ConstructorParameters<typeof OnnxScorer>[0]) {
  const { OnnxScorer: Scorer } = library('salad-ad/onnx');
  try {
    return new Scorer(parts);
  } catch {
    throw unusable(
      `'${path}' does not say how its images are made, as files of \`salad-ad export\` do of a model and do not of other detectors; name the folder that it was exported from`,
    );
  }
}
