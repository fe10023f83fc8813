import type { Thumbnail } from '../workers/messages.js';
import { element } from './elements.js';

/** A small grey picture as a canvas; decoration beside a name, so it has no text of its own. */
export function greyCanvas({ grey, width, height }: Thumbnail): HTMLCanvasElement {
  const canvas = element('canvas', { width, height, className: 'thumbnail' });
  const picture = new ImageData(width, height);
  const pixels = new Uint32Array(picture.data.buffer);
  // Opaque, and the same in each channel.
  for (let i = 0; i < grey.length; i++) pixels[i] = 0xff000000 | (grey[i] * 0x010101);
  canvas.getContext('2d')?.putImageData(picture, 0, 0);
  canvas.setAttribute('aria-hidden', 'true');
  return canvas;
}
