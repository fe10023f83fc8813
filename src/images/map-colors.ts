/** Yellow where a map begins, red where it is full. */
const WEAK = [255, 214, 0];
const STRONG = [214, 0, 36];

/** How much of the colour covers the image where a map is full. */
export const MAP_OPACITY = 0.65;

/** One channel of a grey pixel under a map. @param strength 0 to 1 @param channel 0 red, 1 green, 2 blue */
export function underMap(grey: number, strength: number, channel: number, opacity: number): number {
  const color = WEAK[channel] + strength * (STRONG[channel] - WEAK[channel]);
  return Math.round(grey + opacity * strength * (color - grey));
}
