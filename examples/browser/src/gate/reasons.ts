import { correlation, turned } from './poses.js';
import type { FilmProfile } from './profile.js';
import type { Traits } from './traits.js';

/** A share of coloured pixels above this makes a picture one in colour: more than a coloured label on a film. */
const MOST_COLOUR = 0.05;
/** Films are at most so many times as wide as high, or as high as wide. */
const MOST_ASPECT = 2;
/** A picture with less contrast shows nothing. */
const LEAST_CONTRAST = 0.02;
/** How much better a turned picture must fit than it does as it lies. */
const CLEARLY = 0.05;
/** A picture that is so much like the opposite of the films has black and white exchanged. */
const OPPOSITE = -0.2;

/**
 * Why a picture is not like the films that the model learnt, each as a sentence; empty where it may be one of them.
 *
 * A picture that passes may still be of another kind: of another age, device or body part that looks alike.
 */
export function reasonsAgainst(traits: Traits, profile: FilmProfile | undefined): string[] {
  const { aspect, coloured, contrast } = traits;
  if (contrast < LEAST_CONTRAST) return ['It is blank: nearly all of it has one brightness.'];
  const reasons: string[] = [];
  if (coloured > MOST_COLOUR)
    reasons.push(`It is a colour picture: ${percent(coloured)} of its pixels have a colour.`);
  if (aspect > MOST_ASPECT || aspect < 1 / MOST_ASPECT)
    reasons.push(
      `Its shape is not that of a film: it is ${(aspect > 1 ? aspect : 1 / aspect).toFixed(1)} times as ${aspect > 1 ? 'wide as high' : 'high as wide'}.`,
    );
  const layout = profile && layoutReason(traits.layout, profile);
  return layout ? [...reasons, layout] : reasons;
}

/** What its layout says, compared with the mean of the films as it lies, turned and inverted. */
function layoutReason(layout: Float32Array, { layout: mean, leastLikeness }: FilmProfile) {
  const likeness = correlation(layout, mean);
  const fits = [1, 2, 3].map((quarters) => correlation(turned(layout, quarters), mean));
  const best = Math.max(...fits);
  if (likeness < OPPOSITE && -likeness > best)
    return 'It seems to be inverted: it is bright where the films that the model learnt are dark.';
  if (best >= leastLikeness && best > likeness + CLEARLY) {
    const how = ['a quarter turn to the left', 'half a turn', 'a quarter turn to the right'];
    return `It seems to be turned, by ${how[fits.indexOf(best)]}, beside the films that the model learnt.`;
  }
  if (likeness < leastLikeness)
    return 'Its layout is not that of the films that the model learnt: it may show another view or body part, or be no X-ray at all.';
  return undefined;
}

/** Whether a picture lies far beyond every film that was learnt, as the model sees it. */
export function distanceReason(nearestAngle: number, profile: FilmProfile | undefined) {
  return profile?.farthest !== undefined && nearestAngle > profile.farthest
    ? 'To the model it lies far beyond all films that it learnt.'
    : undefined;
}

const percent = (share: number) => `${Math.round(100 * share)}%`;
