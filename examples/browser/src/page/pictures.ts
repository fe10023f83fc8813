import type { Thumbnail } from '../workers/messages.js';
import { element } from './elements.js';

/** A small grey picture as a canvas; decoration beside a name, so it has no text of its own. */
export function greyCanvas({ grey, width, height }: Thumbnail): HTMLCanvasElement {
  const canvas = element('canvas', { width, height, className: 'thumbnail' });
  const picture = new ImageData(width, height);
  for (let i = 0; i < grey.length; i++) picture.data.set([grey[i], grey[i], grey[i], 255], 4 * i);
  canvas.getContext('2d')?.putImageData(picture, 0, 0);
  canvas.setAttribute('aria-hidden', 'true');
  return canvas;
}
