import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { sampleFilms } from '../../../examples/browser/sample-films.js';
import { type FilmProfile, profileOf } from '../../../examples/browser/src/gate/profile.js';
import { distanceReason, reasonsAgainst } from '../../../examples/browser/src/gate/reasons.js';
import { traitsOf } from '../../../examples/browser/src/gate/traits.js';
import { nodeImages } from '../../../src/node/index.js';
import { filmAt, photograph, pngOf, testFilms, validationFilms } from './drawn-films.js';

let profile: FilmProfile;
beforeAll(async () => {
  const { train } = await sampleFilms();
  profile = await profileOf(train.source);
});

const SIDE = 64;
const grey = (pixels: Uint8Array) =>
  reasonsAgainst(traitsOf({ pixels, shape: [SIDE, SIDE, 1] }), profile);
async function ofFile(png: Uint8Array) {
  return reasonsAgainst(traitsOf(await nodeImages().decode(png, { maxPixels: 2 ** 24 })), profile);
}
const turned = async (film: Uint8Array, degrees: number) => {
  const png = await sharp(await pngOf(film))
    .rotate(degrees)
    .greyscale()
    .raw()
    .toBuffer();
  return new Uint8Array(png);
};
const films = ({ pixels }: typeof testFilms) =>
  Array.from({ length: pixels.length / SIDE ** 2 }, (_, i) =>
    pixels.slice(i * SIDE ** 2, (i + 1) * SIDE ** 2),
  );

describe('the gate of the page', () => {
  it('lets pass films of the kind that was learnt, normal and abnormal', () => {
    const refused = (of: typeof testFilms) =>
      films(of).filter((film) => grey(film).length > 0).length;
    // Chosen on these 360 films.
    expect(refused(validationFilms)).toBe(0);
    // 714 films that nothing was chosen by.
    expect(refused(testFilms)).toBe(0);
  });

  it('names a colour picture, a photograph, a blank picture and one of another shape', async () => {
    expect(await ofFile(await photograph(true))).toEqual([
      expect.stringMatching(/^It is a colour picture: \d+% of its pixels have a colour\.$/),
      expect.stringMatching(/layout is not that of the films|inverted|turned/),
    ]);
    expect(await ofFile(await photograph(false))).toEqual([
      expect.stringMatching(/layout is not that of the films|inverted|turned/),
    ]);
    expect(grey(new Uint8Array(SIDE ** 2).fill(90))).toEqual([
      expect.stringMatching(/^It is blank/),
    ]);
    const wide = { pixels: filmAt(0), shape: [32, 128, 1] as const };
    expect(reasonsAgainst(traitsOf(wide), profile)[0]).toMatch(/4\.0 times as wide as high/);
  });

  it('tells inverted films from others', () => {
    const inverted = films(testFilms).map((film) => grey(film.map((value) => 255 - value)));
    const told = inverted.filter(([reason]) => /inverted/.test(reason ?? '')).length;
    expect(inverted.filter((reasons) => reasons.length === 0).length).toBe(0);
    expect(told / inverted.length).toBeGreaterThan(0.99);
  });

  it('tells turned films from others', async () => {
    const some = films(testFilms).filter((_, i) => i % 7 === 0);
    for (const [degrees, how, share] of [
      [90, /a quarter turn to the right/, 0.99],
      [270, /a quarter turn to the left/, 0.99],
      [180, /half a turn/, 0.95],
    ] as const) {
      const found = await Promise.all(some.map(async (film) => grey(await turned(film, degrees))));
      const told = found.filter(([reason]) => how.test(reason ?? '')).length;
      expect(told / some.length, `${degrees} degrees`).toBeGreaterThan(share);
    }
  });

  it('refuses films that the model finds farther than any it learnt', () => {
    expect(distanceReason(1.4, { ...profile, farthest: 1.3 })).toMatch(/far beyond all films/);
    expect(distanceReason(1.2, { ...profile, farthest: 1.3 })).toBeUndefined();
    expect(distanceReason(1.4, profile)).toBeUndefined();
  });

  it('says nothing of the layout where no films are known', async () => {
    const traits = traitsOf(
      await nodeImages().decode(await photograph(false), { maxPixels: 2 ** 24 }),
    );
    expect(reasonsAgainst(traits, undefined)).toEqual([]);
  });
});
