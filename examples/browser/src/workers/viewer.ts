import { transfer } from 'comlink';
import type { DecodedImage } from 'salad-ad/data';
import { decodeFilm } from './decode-film.js';

/** Pixels of the longer side that are drawn at most: as sharp as any screen shows them. */
const LONGEST = 2048;

/** What a film is, for whoever shows it. */
export interface FilmFacts {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  /** The smallest and the largest value in it, as stored. */
  readonly least: number;
  readonly most: number;
}

/** One film, on a thread of its own: windows and single pixels of it cost the page nothing. */
export class Viewer {
  private image?: DecodedImage;

  async open(file: File): Promise<FilmFacts> {
    const { image } = await decodeFilm(new Uint8Array(await file.arrayBuffer()), undefined);
    this.image = image;
    let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const value of image.pixels) {
      if (value < least) least = value;
      if (value > most) most = value;
    }
    const [height, width, channels] = image.shape;
    return { width, height, channels, least, most };
  }

  /** The film with `low` and below in black, `high` and above in white. */
  async picture(low: number, high: number): Promise<ImageBitmap> {
    const { pixels, shape } = this.opened;
    const [height, width, channels] = shape;
    const step = Math.max(1, Math.ceil(Math.max(height, width) / LONGEST));
    const [rows, columns] = [Math.ceil(height / step), Math.ceil(width / step)];
    const shown = new ImageData(columns, rows);
    const factor = 255 / Math.max(high - low, Number.EPSILON);
    let to = 0;
    for (let y = 0; y < height; y += step)
      for (let x = 0; x < width; x += step) {
        const at = (y * width + x) * channels;
        for (let channel = 0; channel < 3; channel++)
          shown.data[to++] = (pixels[channels === 1 ? at : at + channel] - low) * factor;
        shown.data[to++] = 255;
      }
    const bitmap = await createImageBitmap(shown);
    return transfer(bitmap, [bitmap]);
  }

  /** The values of one pixel as stored, one a channel. */
  valueAt(x: number, y: number): number[] {
    const { pixels, shape } = this.opened;
    const [, width, channels] = shape;
    return Array.from(
      { length: channels },
      (_, channel) => pixels[(y * width + x) * channels + channel],
    );
  }

  private get opened(): DecodedImage {
    if (!this.image) throw new Error('no film is open');
    return this.image;
  }
}
