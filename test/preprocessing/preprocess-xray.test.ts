import { afterAll, describe, expect, it, vi } from 'vitest';
import { imageSource } from '../../src/data/decoded-source.js';
import {
  openCv,
  type PreprocessingOptions,
  preprocessXray,
  stages,
} from '../../src/preprocessing/index.js';
import type { Cv } from '../../src/preprocessing/open-cv-interface.js';
import { drawnFilm } from '../support/drawn-films.js';

const turning = { inversion: { turn: true } };

describe('preprocessXray', () => {
  it('makes a square of 512 with its mask and its flags', async () => {
    const { image } = drawnFilm('hand', 'film inverted', 1, 256);
    const { pixels, shape, mask, quality } = await preprocessXray(turning)(image);
    expect(shape).toEqual([512, 512, 1]);
    expect(pixels.length).toBe(512 * 512);
    expect(mask?.length).toBe(512 * 512);
    expect(quality.flags).toEqual(['cropped', 'inverted']);
    expect(quality.carrierArea).toBeGreaterThan(0.2);
    expect(quality.carrierArea).toBeLessThan(0.9);
    expect(quality.groundBrightness).toBeGreaterThan(0);
    expect(quality.contrast).toBeGreaterThan(0.3);
    expect(quality.maskArea).toBeGreaterThan(0.1);
  });

  it('finds the film of a scan that is a negative as a whole', async () => {
    const { image } = drawnFilm('shoulder', 'scan inverted', 1, 256);
    const { quality } = await preprocessXray(turning)(image);
    expect(quality.flags).toEqual(['inverted', 'cropped']);
  });

  it('flags a negative and leaves it as it is, unless told to turn it', async () => {
    const image = stages.invert(drawnFilm('hand', 'no carrier', 1, 256).image);
    const by = (inversion: PreprocessingOptions['inversion']) =>
      preprocessXray({ inversion, carrier: false, mask: false, size: false })(image);
    const { pixels, quality } = await by(undefined);
    expect(quality.flags).toEqual(['perhapsInverted']);
    expect(pixels).toEqual(image.pixels);
    const turned = await by({ turn: true });
    expect(turned.quality.flags).toEqual(['inverted']);
    expect(turned.quality.groundBrightness).toBe(quality.groundBrightness);
    expect(turned.pixels).toEqual(stages.invert(image).pixels);
    const brightness = quality.groundBrightness as number;
    for (const [above, flags] of [
      [brightness, []],
      [brightness - 1e-9, ['perhapsInverted']],
    ] as const)
      expect((await by({ above })).quality.flags).toEqual(flags);
  });

  it.each([
    ['carrier', 'carrierArea'],
    ['inversion', 'groundBrightness'],
    ['contrast', 'contrast'],
    ['mask', 'maskArea'],
  ] as const)('runs without %s', async (stage, number) => {
    const { image } = drawnFilm('hand', 'plain', 1, 256);
    const { quality, mask } = await preprocessXray({ [stage]: false })(image);
    expect(quality[number]).toBeUndefined();
    expect(mask === undefined).toBe(stage === 'mask');
  });

  it('does nothing where every stage is off', async () => {
    const { image } = drawnFilm('hand', 'film inverted', 1, 256);
    const off = { carrier: false, inversion: false, contrast: false, mask: false, size: false };
    const result = await preprocessXray(off as PreprocessingOptions)(image);
    expect(result).toEqual({ ...image, quality: { flags: [] } });
  });

  it('flags what is to be looked at', async () => {
    const plain = { pixels: new Uint8Array(900).fill(40), shape: [30, 30, 1] as const };
    const { mask, quality } = await preprocessXray({ size: false })(plain);
    expect(quality.flags).toEqual(['lowContrast', 'noMask']);
    expect(quality).toMatchObject({ contrast: 0, maskArea: 0, carrierArea: 1 });
    // Nothing is known of the body, so every pixel counts.
    expect(mask?.every((value) => value === 255)).toBe(true);
    const { image } = drawnFilm('hand', 'no carrier', 1, 256);
    const flags = async (mask: object) => (await preprocessXray({ mask })(image)).quality.flags;
    expect(await flags({ least: 0.9 })).toEqual(['maskSmall']);
    expect(await flags({ most: 0.01 })).toEqual(['maskLarge']);
    expect(await flags({})).toEqual([]);
  });

  it('is given the same image the same way, whatever came before', async () => {
    const run = preprocessXray({ size: 128 });
    const [one, two] = [
      drawnFilm('hand', 'noisy', 1, 256),
      drawnFilm('forearm', 'markers', 2, 256),
    ];
    const [a, , b] = await Promise.all([run(one.image), run(two.image), run(one.image)]);
    expect(a).toEqual(b);
    expect(await preprocessXray({ size: 128 })(one.image)).toEqual(a);
  });

  it('serves as the transform of a source', async () => {
    const film = drawnFilm('hand', 'plain', 1, 256);
    const decoder = { name: 'drawn', accepts: () => true, decode: async () => film.image };
    const source = imageSource([{ path: 'a' }, { path: 'b' }], {
      open: async () => new Uint8Array(1),
      decoders: [decoder],
      transform: preprocessXray({ size: 64 }),
    });
    const batch = await source.read([0, 1]);
    expect(batch.shape).toEqual([64, 64, 1]);
    expect(batch.pixels.length).toBe(2 * 64 * 64);
  });

  it('refuses what it does not know', () => {
    const by = (options: object) => () => preprocessXray(options);
    expect(by({ crop: true })).toThrow('UNKNOWN_OPTION');
    expect(by({ size: 0.5 })).toThrow('INVALID_OPTION');
    expect(by({ inversion: true })).toThrow('INVALID_OPTION');
    expect(by({ inversion: { turn: 'yes' } })).toThrow('INVALID_OPTION');
    expect(by({ inversion: { above: 2 } })).toThrow('INVALID_OPTION');
    expect(by({ inversion: { least: 0 } })).toThrow('UNKNOWN_OPTION');
    expect(by({ contrast: { least: 7 } })).toThrow('INVALID_OPTION');
    expect(by({ mask: { opening: 0.9 } })).toThrow('INVALID_OPTION');
    expect(by({ mask: { radius: 3 } })).toThrow('UNKNOWN_OPTION');
    expect(by({ carrier: { minFill: -1 } })).toThrow('INVALID_OPTION');
  });

  it('refuses what is no OpenCV', async () => {
    const cv = { Mat: class {} };
    const { image } = drawnFilm('hand', 'plain', 1, 64);
    expect(() => stages.detectCarrier(cv, image)).toThrow(
      /^stages.detectCarrier: cv is no OpenCV.*INVALID_OPTION/,
    );
    await expect(preprocessXray({ cv })(image)).rejects.toThrow(/^preprocessXray: cv is no OpenCV/);
  });

  it('works with the OpenCV that an application has loaded', async () => {
    const cv = (await openCv()) as Cv;
    const { image } = drawnFilm('hand', 'plain', 1, 256);
    let made = 0;
    const Mat = new Proxy(cv.Mat, {
      construct(target, values) {
        made++;
        return Reflect.construct(target, values);
      },
    });
    const own = Object.create(cv, { Mat: { value: Mat } });
    const result = await preprocessXray({ cv: own })(image);
    expect(made).toBeGreaterThan(10);
    expect(result).toEqual(await preprocessXray()(image));
  });
});

describe('openCv', () => {
  it('leaves no handler of the process behind', async () => {
    const count = () =>
      ['uncaughtException', 'unhandledRejection'].map((event) => process.listenerCount(event));
    const before = count();
    await openCv();
    expect(count()).toEqual(before);
  });

  it('frees every matrix: its heap ends as it began', async () => {
    const cv = (await openCv()) as Cv & {
      readonly HEAPU8: Uint8Array;
    };
    const films = [1, 2].map((seed) => drawnFilm('hand', 'plain', seed, 256).image);
    const run = preprocessXray({ size: 96, cv });
    /** Where a large matrix comes to lie: further up as soon as one is left below it. */
    const probe = () => {
      const mat = new cv.Mat(4096, 4096, cv.CV_8UC1);
      const { byteOffset } = mat.data;
      mat.delete();
      return [byteOffset, cv.HEAPU8.length];
    };
    for (const film of films) await run(film);
    const before = probe();
    for (let i = 0; i < 200; i++) await run(films[i % 2]);
    expect(probe()).toEqual(before);
  });

  describe('without its optional package', () => {
    afterAll(() => {
      vi.restoreAllMocks();
      vi.doUnmock('@techstark/opencv-js');
      vi.resetModules();
    });
    it('names the remedy', async () => {
      // As where there is no Node.
      vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined as never);
      vi.doMock('@techstark/opencv-js', () => {
        throw new Error("Cannot find package '@techstark/opencv-js'");
      });
      await expect(openCv()).rejects.toMatchObject({ code: 'MISSING_PEER' });
      await expect(openCv()).rejects.toThrow('npm install @techstark/opencv-js');
    });
  });
});
