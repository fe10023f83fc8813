import { RandomStream, resize } from 'salad-ad/data';
import sharp from 'sharp';

/** A grey film, [height, width], values in [0, 1]. */
export interface Film {
  readonly values: Float32Array;
  readonly height: number;
  readonly width: number;
}

/** One thing that is done to a film between the patient and the file; `seed` for what is drawn. */
type Change = (film: Film, seed: number) => Film | Promise<Film>;

/**
 * What another hospital, device or program may do to films, one at a time and by a known amount. Each is done at the
 * size that the films come in, before the model brings them to its own.
 */
export const filmChanges: Readonly<Record<string, Change>> = {
  none: (film) => film,
  'a quarter of the height cropped, half above, half below': cropped(1 / 8, 1 / 8, 0),
  'a quarter of the height cropped, below': cropped(0, 1 / 4, 0),
  'a tenth of the height cropped': cropped(1 / 20, 1 / 20, 0),
  'a tenth of both sides cropped': cropped(1 / 20, 1 / 20, 1 / 20),
  'a tenth added around, black': framed(1 / 20, 0, true),
  'bars of a tenth left and right, black': barred(1 / 20),
  'border of a twentieth painted black': framed(1 / 20, 0, false),
  'border of a twentieth painted white': framed(1 / 20, 1, false),
  'white letter in a corner': lettered,
  'shifted by a twentieth': moved({ shift: 1 / 20 }),
  'rotated by 5 degrees': moved({ degrees: 5 }),
  mirrored: moved({ mirror: true }),
  inverted: each((value) => 1 - value),
  'blurred, sigma 1% of the width': (film) => blurred(film, 0.01),
  'blurred, sigma 2% of the width': (film) => blurred(film, 0.02),
  sharpened: (film) => combined(film, blurred(film, 0.01), (own, soft) => own + (own - soft)),
  'gamma 0.7': each((value) => value ** 0.7),
  'gamma 1.4': each((value) => value ** 1.4),
  'contrast 0.7': each((value, mean) => mean + 0.7 * (value - mean)),
  'contrast 1.4': each((value, mean) => mean + 1.4 * (value - mean)),
  'brightness +0.1': each((value) => value + 0.1),
  'brightness -0.1': each((value) => value - 0.1),
  'noise, sd 0.02': noisy(0.02),
  'noise, sd 0.05': noisy(0.05),
  'JPEG quality 50': (film) => jpeg(film, 50),
  'JPEG quality 15': (film) => jpeg(film, 15),
  'half the size and back': (film) => resized(resized(film, 0.5), 2),
  'brought to 32 pixels by bilinear instead of area': (film) =>
    resized(film, 32 / film.width, 'bilinear'),
};

/** Pixels of a function, by pixel and mean of the film, kept in [0, 1]. */
function each(map: (value: number, mean: number) => number): Change {
  return ({ values, ...size }) => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return { values: values.map((value) => unit(map(value, mean))), ...size };
  };
}

function combined(film: Film, other: Film, map: (own: number, other: number) => number): Film {
  return { ...film, values: film.values.map((value, i) => unit(map(value, other.values[i]))) };
}

const unit = (value: number) => Math.min(1, Math.max(0, value));

/** Shares of the height above and below, and of the width on either side. */
function cropped(above: number, below: number, beside: number): Change {
  return ({ values, height, width }) => {
    const [top, left] = [Math.round(above * height), Math.round(beside * width)];
    const [rows, columns] = [height - top - Math.round(below * height), width - 2 * left];
    const result = new Float32Array(rows * columns);
    for (let y = 0; y < rows; y++)
      for (let x = 0; x < columns; x++)
        result[y * columns + x] = values[(top + y) * width + left + x];
    return { values: result, height: rows, width: columns };
  };
}

/** A border of one grey: around the film, or on it. */
function framed(share: number, grey: number, around: boolean): Change {
  return ({ values, height, width }) => {
    const border = Math.max(1, Math.round(share * width));
    const [rows, columns] = around ? [height + 2 * border, width + 2 * border] : [height, width];
    const offset = around ? border : 0;
    const result = new Float32Array(rows * columns).fill(grey);
    for (let y = border; y < rows - border; y++)
      for (let x = border; x < columns - border; x++)
        result[y * columns + x] = values[(y - offset) * width + x - offset];
    return { values: result, height: rows, width: columns };
  };
}

/** Black bars left and right, as padding makes of a film that is higher than wide. */
function barred(share: number): Change {
  return ({ values, height, width }) => {
    const bar = Math.max(1, Math.round(share * width));
    const columns = width + 2 * bar;
    const result = new Float32Array(height * columns);
    for (let y = 0; y < height; y++)
      result.set(values.subarray(y * width, (y + 1) * width), y * columns + bar);
    return { values: result, height, width: columns };
  };
}

/** A block of a twelfth of the width, as the letter of the side. */
function lettered({ values, height, width }: Film): Film {
  const result = values.slice();
  const [size, from] = [Math.max(1, Math.round(width / 12)), Math.round(width / 16)];
  for (let y = from; y < from + size; y++)
    result.fill(1, y * width + from, y * width + from + size);
  return { values: result, height, width };
}

/** By one affine map, bilinear, the border repeated. */
function moved({ shift = 0, degrees = 0, mirror = false }): Change {
  return ({ values, height, width }) => {
    const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
    const [middleX, middleY] = [(width - 1) / 2, (height - 1) / 2];
    const result = new Float32Array(values.length);
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const [dx, dy] = [(mirror ? -1 : 1) * (x - middleX) - shift * width, y - middleY];
        const u = Math.min(width - 1, Math.max(0, cos * dx + sin * dy + middleX));
        const v = Math.min(height - 1, Math.max(0, cos * dy - sin * dx + middleY));
        const [left, top] = [Math.floor(u), Math.floor(v)];
        const [right, low] = [Math.min(width - 1, left + 1), Math.min(height - 1, top + 1)];
        const line = (row: number) =>
          values[row * width + left] * (1 - u + left) + values[row * width + right] * (u - left);
        result[y * width + x] = line(top) * (1 - v + top) + line(low) * (v - top);
      }
    return { values: result, height, width };
  };
}

/** Gaussian, along rows, then columns; the border repeated. */
function blurred({ values, height, width }: Film, share: number): Film {
  const sigma = share * width;
  const radius = Math.ceil(3 * sigma);
  const taps = Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma)),
  );
  const total = taps.reduce((sum, tap) => sum + tap, 0);
  const along = (
    from: Float32Array,
    lines: number,
    length: number,
    at: (l: number, i: number) => number,
  ) => {
    const to = new Float32Array(from.length);
    for (let line = 0; line < lines; line++)
      for (let i = 0; i < length; i++) {
        let sum = 0;
        for (let k = -radius; k <= radius; k++)
          sum += taps[k + radius] * from[at(line, Math.min(length - 1, Math.max(0, i + k)))];
        to[at(line, i)] = sum / total;
      }
    return to;
  };
  const rows = along(values, height, width, (y, x) => y * width + x);
  return { values: along(rows, width, height, (x, y) => y * width + x), height, width };
}

function noisy(deviation: number): Change {
  return ({ values, ...size }, seed) => {
    const random = new RandomStream(seed, ['noise']);
    return { values: values.map((value) => unit(value + deviation * random.gaussian())), ...size };
  };
}

async function jpeg({ values, height, width }: Film, quality: number): Promise<Film> {
  const bytes = Uint8Array.from(values, (value) => Math.round(255 * value));
  const raw = { raw: { width, height, channels: 1 as const } };
  const file = await sharp(bytes, raw).jpeg({ quality }).toBuffer();
  const back = await sharp(file).extractChannel(0).raw().toBuffer();
  return { values: Float32Array.from(back, (value) => value / 255), height, width };
}

function resized(
  { values, height, width }: Film,
  factor: number,
  method: 'area' | 'bilinear' = factor < 1 ? 'area' : 'bilinear',
): Film {
  const size = [Math.round(factor * height), Math.round(factor * width)] as const;
  const policy = { method, fit: 'stretch' } as const;
  const result = resize(values, [1, height, width, 1], size, policy);
  return { values: result, height: size[0], width: size[1] };
}
