import { beforeAll, describe, expect, it } from 'vitest';
import type { DecodedImage } from '../../src/decoding/decoder.js';
import { type OpenCv, openCv, stages } from '../../src/preprocessing/index.js';
import { drawnFilm } from '../support/drawn-films.js';

let cv: OpenCv;
beforeAll(async () => {
  cv = await openCv();
});

const grey = (pixels: DecodedImage['pixels'], height: number, width: number): DecodedImage => ({
  pixels,
  shape: [height, width, 1],
});

/** The three kinds of pixels that an image may have, of the same content. */
const kinds: [string, (image: DecodedImage) => DecodedImage][] = [
  ['uint8', (image) => image],
  [
    'uint16',
    (image) => ({
      ...image,
      pixels: Uint16Array.from(image.pixels, (value) => value * 16),
      bitsStored: 12,
    }),
  ],
  ['float32', (image) => ({ ...image, pixels: Float32Array.from(image.pixels, (v) => v / 255) })],
];

describe('detectCarrier', () => {
  it.each(kinds)('finds the corners of a turned film in %s', (_, as) => {
    for (const seed of [1, 2, 3]) {
      const { image, corners = [] } = drawnFilm('hand', 'plain', seed, 256);
      const found = stages.detectCarrier(cv, as(image));
      expect(found?.edge).toBeGreaterThan(0.9);
      for (const [x, y] of corners)
        expect(
          Math.min(...(found?.corners ?? []).map(([u, v]) => Math.hypot(u - x, v - y))),
        ).toBeLessThan(2.5);
    }
  });

  it('gives corners clockwise from the upper left, in pixels of the image', () => {
    const [height, width] = [1400, 1000];
    const pixels = new Uint8Array(height * width);
    for (let y = 200; y < 1100; y++) pixels.fill(120, y * width + 150, y * width + 800);
    const found = stages.detectCarrier(cv, grey(pixels, height, width));
    const expected = [
      [149.5, 199.5],
      [799.5, 199.5],
      [799.5, 1099.5],
      [149.5, 1099.5],
    ];
    // Found at a long side of 512, where a pixel is 2.7 of these.
    expected.forEach(([x, y], i) => {
      expect(Math.abs((found?.corners[i][0] ?? 0) - x)).toBeLessThan(2);
      expect(Math.abs((found?.corners[i][1] ?? 0) - y)).toBeLessThan(2);
    });
    expect(found?.area).toBeCloseTo((900 * 650) / (height * width), 1);
  });

  it('finds none on an image that is all film, on a plain one, or on one too small', () => {
    for (const part of ['hand', 'forearm', 'shoulder'] as const)
      expect(stages.detectCarrier(cv, drawnFilm(part, 'no carrier', 1, 256).image)).toBeUndefined();
    expect(
      stages.detectCarrier(cv, grey(new Uint8Array(64 * 64).fill(90), 64, 64)),
    ).toBeUndefined();
    expect(stages.detectCarrier(cv, grey(Uint8Array.of(7), 1, 1))).toBeUndefined();
  });

  it('keeps to its limits and refuses others', () => {
    const { image } = drawnFilm('hand', 'plain', 1, 256);
    expect(stages.detectCarrier(cv, image, { minArea: 0.9 })).toBeUndefined();
    expect(() => stages.detectCarrier(cv, image, { minArea: 2 })).toThrow(
      /minArea is 2.*INVALID_OPTION/,
    );
    expect(() => stages.detectCarrier(cv, image, { area: 0.5 } as object)).toThrow(
      'UNKNOWN_OPTION',
    );
  });
});

describe('cropPerspective', () => {
  it('says so in words where OpenCV fails', () => {
    const far = 1e6;
    const corners = [
      [0, 0],
      [far, 0],
      [far, far],
      [0, far],
    ] as const;
    expect(() => stages.cropPerspective(cv, grey(new Uint8Array(4), 2, 2), corners)).toThrow(
      /OpenCV.*INVALID_IMAGES/,
    );
  });

  it.each(kinds)('cuts out an upright rectangle pixel by pixel in %s', (_, as) => {
    const image = as(
      grey(
        Uint8Array.from({ length: 30 * 20 }, (_, i) => (i * 7) % 251),
        30,
        20,
      ),
    );
    const { pixels, shape } = stages.cropPerspective(cv, image, [
      [3.5, 4.5],
      [13.5, 4.5],
      [13.5, 24.5],
      [3.5, 24.5],
    ]);
    expect(shape).toEqual([20, 10, 1]);
    expect(pixels.constructor).toBe(image.pixels.constructor);
    for (let y = 0; y < 20; y++)
      for (let x = 0; x < 10; x++)
        expect(pixels[y * 10 + x]).toBeCloseTo(image.pixels[(y + 5) * 20 + x + 4], 5);
  });

  it('straightens a ramp seen at an angle', () => {
    // Levels rise from the left side of the quadrilateral to its right side, as the plane of a ramp does.
    const size = 101;
    const pixels = Float32Array.from({ length: size * size }, (_, i) => (i % size) / 100);
    const { pixels: flat, shape } = stages.cropPerspective(cv, grey(pixels, size, size), [
      [20, 10],
      [80, 20],
      [80, 80],
      [20, 90],
    ]);
    const [height, width] = shape;
    for (let x = 0; x < width; x++)
      for (let y = 1; y < height; y++)
        expect(Math.abs(flat[y * width + x] - flat[x])).toBeLessThan(0.002);
    expect(flat[0]).toBeLessThan(0.21);
    expect(flat[width - 1]).toBeGreaterThan(0.79);
  });
});

describe('groundBrightness and invert', () => {
  it.each(kinds)('tells a negative of %s, and turns it back', (_, as) => {
    for (const part of ['hand', 'forearm', 'shoulder'] as const) {
      const film = as(drawnFilm(part, 'no carrier', 2, 256).image);
      const negative = stages.invert(film);
      expect(stages.groundBrightness(film)).toBeLessThan(0);
      expect(stages.groundBrightness(negative)).toBeGreaterThan(0);
      const back = stages.invert(negative);
      for (let i = 0; i < film.pixels.length; i += 997)
        expect(back.pixels[i]).toBeCloseTo(film.pixels[i], 6);
    }
  });

  it('is the corners less the mean', () => {
    // A patch is 3 x 3 of 20 x 20 pixels: four white corners are 36 of 400 pixels.
    const pixels = new Uint8Array(400);
    for (const top of [0, 17])
      for (const left of [0, 17])
        for (let y = top; y < top + 3; y++) pixels.fill(255, y * 20 + left, y * 20 + left + 3);
    expect(stages.groundBrightness(grey(pixels, 20, 20))).toBeCloseTo(1 - 36 / 400, 10);
    expect(stages.groundBrightness(grey(new Uint8Array(400).fill(9), 20, 20))).toBe(0);
  });
});

describe('contrastOf', () => {
  it.each(kinds)('spans the first to the last hundredth in %s', (_, as) => {
    // 0 to 200 evenly: the hundredths are at 2 and 198.
    const image = as(
      grey(
        Uint8Array.from({ length: 201 }, (_, i) => i),
        1,
        201,
      ),
    );
    expect(stages.contrast(image) * (image.bitsStored ? 4095 / (255 * 16) : 1)).toBeCloseTo(
      196 / 255,
      3,
    );
  });
  it('is 0 on a plain image and 1 from black to white', () => {
    expect(stages.contrast(grey(new Uint8Array(100).fill(80), 10, 10))).toBe(0);
    expect(stages.contrast(grey(Uint8Array.of(0, 255), 1, 2))).toBe(0);
    expect(stages.contrast(grey(Float32Array.of(0, 0, 1, 1, 1), 1, 5))).toBe(1);
  });
});

describe('bodyPartMask', () => {
  const overlap = (mask: Uint8Array, body: Uint8Array) => {
    let [both, either] = [0, 0];
    for (let i = 0; i < mask.length; i++) {
      both += Number(mask[i] > 0 && body[i] > 0);
      either += Number(mask[i] > 0 || body[i] > 0);
    }
    return both / either;
  };

  it.each(kinds)('covers what is drawn in %s', (_, as) => {
    for (const part of ['hand', 'forearm', 'shoulder'] as const) {
      const { image, body } = drawnFilm(part, 'no carrier', 3, 256);
      expect(overlap(stages.bodyPartMask(cv, as(image)), body)).toBeGreaterThan(0.95);
    }
  });

  it('fills holes, keeps the largest piece, and what only touches low levels goes', () => {
    const size = 100;
    const pixels = new Uint8Array(size * size).fill(10);
    const square = (from: number, side: number, level: number, column = from) => {
      for (let y = from; y < from + side; y++)
        pixels.fill(level, y * size + column, y * size + column + side);
    };
    square(20, 40, 100); // tissue ...
    square(30, 10, 220); // ... with bone ...
    square(45, 5, 10); // ... and a hole
    square(70, 12, 100); // tissue without bone
    square(70, 8, 220, 10); // bone, smaller
    const mask = stages.bodyPartMask(cv, grey(pixels, size, size));
    const at = (y: number, x: number) => mask[y * size + x];
    expect([at(40, 25), at(35, 35), at(47, 47)]).toEqual([255, 255, 255]);
    expect([at(75, 75), at(73, 13), at(5, 5)]).toEqual([0, 0, 0]);
    expect(new Set(mask)).toEqual(new Set([0, 255]));
  });

  it('is empty on a plain image', () => {
    const mask = stages.bodyPartMask(cv, grey(new Uint8Array(32 * 32).fill(50), 32, 32));
    expect(mask.every((value) => value === 0)).toBe(true);
  });
});

describe('resizeLongSide and padToSquare', () => {
  it('bring an image into a square, black where it has nothing', () => {
    const image = grey(new Uint8Array(40 * 30).fill(77), 40, 30);
    const half = stages.resizeLongSide(cv, image, 20);
    expect(half.shape).toEqual([20, 15, 1]);
    expect(new Set(half.pixels)).toEqual(new Set([77]));
    const square = stages.padToSquare(half);
    expect(square.shape).toEqual([20, 20, 1]);
    // 5 columns to spare: 2 to the left, 3 to the right.
    expect([...square.pixels.subarray(20, 40)]).toEqual([
      ...[0, 0],
      ...new Array(15).fill(77),
      ...[0, 0, 0],
    ]);
    expect(stages.padToSquare(square)).toBe(square);
    expect(stages.resizeLongSide(cv, square, 20)).toBe(square);
    expect(stages.resizeLongSide(cv, square, 40).shape).toEqual([40, 40, 1]);
  });

  it('average where they shrink', () => {
    const image = grey(Float32Array.of(0, 1, 0.5, 0.5, 1, 0, 0.25, 0.75), 2, 4);
    const { pixels } = stages.resizeLongSide(cv, image, 2);
    expect([...pixels]).toEqual([0.5, 0.5]);
  });

  it('refuse what is no image', () => {
    expect(() => stages.resizeLongSide(cv, grey(new Uint8Array(5), 2, 2), 8)).toThrow(
      'INVALID_IMAGES',
    );
  });
});
