import type { ImageSource } from '../images/image-source.js';
import { check } from '../support/check.js';
import type { Trial } from './detector-factory.js';

/** Scores by score method; the detector's own is 'score'. */
export type ScoresByMethod = Readonly<Record<string, Float32Array>>;

/** @throws INVALID_OPTION for a method that the detector does not have, LABELS_MISMATCH, NOT_FINITE, what scoring throws */
export async function scoresOf(
  where: string,
  { detector, scoreMethods = {} }: Trial,
  images: ImageSource,
  names: readonly string[],
): Promise<ScoresByMethod> {
  const unknown = names.find((name) => !Object.hasOwn(scoreMethods, name));
  check(
    unknown === undefined,
    'INVALID_OPTION',
    () =>
      `${where}: ${detector.name} has no score method '${unknown}'; expected one of ${Object.keys(scoreMethods).join(', ') || 'none'}; correct scoreMethods of its plan.`,
  );
  const { scores } = await detector.score(images);
  const byMethod: Record<string, Float32Array> = {
    score: checked(`${where}: ${detector.name}`, scores, images),
  };
  for (const name of names) {
    const other = Float32Array.from(await scoreMethods[name](images));
    byMethod[name] = checked(`${where}: ${detector.name}, ${name}`, other, images);
  }
  return byMethod;
}

function checked(name: string, scores: Float32Array, images: ImageSource): Float32Array {
  check(
    scores.length === images.length,
    'LABELS_MISMATCH',
    () => `${name} gave ${scores.length} scores for ${images.length} images; expected one each.`,
  );
  const odd = scores.findIndex((score) => !Number.isFinite(score));
  check(
    odd === -1,
    'NOT_FINITE',
    () => `${name} gave ${scores[odd]} for image ${odd}; expected a finite number.`,
  );
  return scores;
}
