import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImageSource, Preparation, ScoreResult } from 'salad-ad';
import type { OnnxScorer } from 'salad-ad/onnx';
import type { Speaker } from '../frame/command.js';
import { unusable } from '../frame/failure.js';
import { library } from '../frame/library.js';
import { detectorOf, loadModel, type ModelPlace } from '../frame/load-model.js';
import type { Plan, Scored } from './scored.js';
import { type Scorer, scorerOf } from './scorer.js';
import { sessionOf } from './session.js';

/** Any kind of model, ready to score. */
export interface OpenedModel {
  /** How its images are made. */
  readonly preparation: Pick<Preparation, 'recipe' | 'inputShape' | 'resize'>;
  readonly scorer: Scorer;
  end(): Promise<void>;
}

/** The bytes that name a model: those of an exported file, or a description that names the weights by their hash. */
export const namingBytes = ({ kind, path }: ModelPlace): Promise<Uint8Array> =>
  readFile(kind === 'onnx' ? path : join(path, 'model.json'));

/** Opens a model of any kind for scoring. */
export async function openedModel(
  place: ModelPlace,
  plan: Plan,
  say: Speaker,
): Promise<OpenedModel> {
  if (place.kind === 'onnx') return exportedModel(place.path, plan);
  if (place.kind === 'detector') return detector(place);
  const model = await loadModel(place.path);
  try {
    const scorer = await scorerOf(model, place.path, plan, say);
    return {
      preparation: model.preparation,
      scorer,
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

/** A detector of 'salad-ad/baselines': scores alone, without a threshold. */
async function detector({ path, metadata }: ModelPlace): Promise<OpenedModel> {
  const { config, recipe } = detectorOf(metadata);
  if (!Array.isArray(config.inputShape))
    throw unusable(
      `'${path}' is a sum of models, which does not say how images are made for it; score by a program, with loadDetector of salad-ad/baselines`,
    );
  const { loadDetector } = library('salad-ad/baselines');
  const { fileSystem } = library('salad-ad/node');
  const loaded = await loadDetector(fileSystem(path));
  return {
    preparation: { recipe, ...config } as unknown as OpenedModel['preparation'],
    scorer: {
      threads: 1,
      score: (images, { onWarning, signal }) =>
        ofReadable(images, (readable) => loaded.score(readable, { onWarning, signal })),
      end: async () => {},
    },
    end: async () => loaded.dispose(),
  };
}

/** Detectors refuse a set with an image that cannot be read, and name all of these. */
async function ofReadable(
  images: ImageSource,
  score: (readable: ImageSource) => Promise<Pick<ScoreResult, 'ids' | 'scores'>>,
): Promise<Scored> {
  const { subset } = library('salad-ad/data');
  const problems: NonNullable<ScoreResult['problems']>[number][] = [];
  for (;;) {
    const unread = new Set(problems.map(({ id }) => id));
    const indices = Array.from(images.ids.keys()).filter((i) => !unread.has(images.ids[i]));
    const known = { indices, problems };
    if (indices.length === 0) return { ids: [], scores: new Float32Array(), ...known };
    try {
      return { ...(await score(subset(images, indices))), ...known };
    } catch (error) {
      const { code, details } = Object(error);
      if (code !== 'IMAGE_UNREADABLE' || !details?.problems?.length) throw error;
      for (const problem of details.problems)
        problems.push({ ...problem, index: images.ids.indexOf(problem.id) });
    }
  }
}
