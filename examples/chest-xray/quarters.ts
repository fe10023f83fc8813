import { none } from 'salad-ad';
import { meanIntensityScores, textureScores } from 'salad-ad/baselines';
import type { ImageSource } from 'salad-ad/data';
import { quartiles } from 'salad-ad/metrics';
import { prepared } from './prepared.js';

/** The quarter of the set in which each film lies, by two numbers that say nothing of disease. */
export interface Quarters {
  readonly brightness: ArrayLike<number>;
  readonly texture: ArrayLike<number>;
}

/** By the mean pixel, and by the mean absolute local contrast, at the size that the model sees. */
export async function quartersOf(films: ImageSource, size: number): Promise<Quarters> {
  const plain = await prepared(films, size, none());
  return {
    brightness: quartiles(meanIntensityScores(plain)),
    texture: quartiles(textureScores(plain).localContrast),
  };
}
