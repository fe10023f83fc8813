import type { FilmMap } from '../workers/messages.js';

const WEAK = [255, 214, 0];
const STRONG = [214, 0, 36];

/** From which value a map is coloured, and from which in full. */
export interface MapScale {
  readonly usual: number;
  readonly highest: number;
}

/** What the scale is where nobody measured maps of normal films. */
export const ownScale = ({ values }: FilmMap): MapScale => ({
  usual: 0,
  highest: values.reduce((most, value) => Math.max(most, value), 0),
});

/** A map in yellow, then red; clear where it holds no more than usual. */
export function colouredMap(
  { values, width, height }: FilmMap,
  scale: MapScale,
): Promise<ImageBitmap> {
  const picture = new ImageData(width, height);
  for (let i = 0; i < values.length; i++)
    picture.data.set(colourOf(strengthOf(values[i], scale)), 4 * i);
  return createImageBitmap(picture);
}

/** The same colours from the lowest to the highest, for the scale beside the film. */
export function paintScale(canvas: HTMLCanvasElement): void {
  const picture = new ImageData(canvas.width, canvas.height);
  for (let i = 0; i < canvas.width * canvas.height; i++) {
    const [red, green, blue] = colourOf((i % canvas.width) / (canvas.width - 1));
    picture.data.set([red, green, blue, 255], 4 * i);
  }
  canvas.getContext('2d')?.putImageData(picture, 0, 0);
}

const strengthOf = (value: number, { usual, highest }: MapScale) =>
  highest > usual ? Math.min(1, Math.max(0, (value - usual) / (highest - usual))) : 0;

function colourOf(strength: number): number[] {
  const colour = WEAK.map((weak, i) => weak + strength * (STRONG[i] - weak));
  return [...colour, 255 * Math.min(1, 1.4 * strength)];
}
