import type { SaladModel } from 'salad-ad';
import { type ImageSource, subset } from 'salad-ad/data';
import { anomalyMaps } from 'salad-ad/explain';
import { type FilmProfile, farthestAngle, mapScale, profileOf } from './profile.js';

/** Normal films whose maps are looked at. */
const MAPS = 60;

/**
 * What the gate compares with, and what maps of normal films hold.
 *
 * @param learnt the normal films that the model learnt
 * @param others normal films that it did not learn, such as those of validation
 */
export async function measureProfile(
  model: SaladModel,
  learnt: ImageSource,
  others: ImageSource,
): Promise<FilmProfile> {
  const profile = await profileOf(learnt);
  const { nearestAngles } = await model.score(others);
  const some = Array.from({ length: Math.min(MAPS, others.length) }, (_, i) => i);
  const method = model.settings.score === 'embedding' ? 'gradient' : 'cells';
  const maps = await anomalyMaps(model, subset(others, some), { method });
  return {
    ...profile,
    farthest: farthestAngle(nearestAngles.map(([nearest]) => nearest)),
    maps: mapScale(maps),
  };
}
