import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pixelBank } from '../../src/baselines/index.js';
import {
  arraySource,
  checkImages,
  concatSources,
  type ImageSource,
  imageSource,
  readInOrder,
  subset,
} from '../../src/data/index.js';
import { anomalyMaps } from '../../src/explain/index.js';
import { customNormalization, SaladModel } from '../../src/index.js';
import {
  fileSystem,
  folderSource,
  imagePool,
  nodeImages,
  recordSource,
  scoringPool,
} from '../../src/node/index.js';
import { heldModels, trainOn } from '../model/held-models.js';
import { memoryFile, normals, SIDE, tinyModel } from '../model/tiny.js';

/** What no message may begin with, nor say, unless it is what the user called. */
const INNER =
  /toUnitRange|unitRange|prepareImages|Preparation\.apply|imagePreparation|normalizationFromJSON|imageSource\.read|recordSource\.read|subset\.read|concatSources\.read|arraySource\.read|ImageSource\.read|chooseDecoder|readImageFile|withChannels|prepareMasks/;

const hold = heldModels();
const create = (options?: Parameters<typeof tinyModel>[0]) => hold(tinyModel(options));
let folder = '';
let model: SaladModel;

beforeAll(async () => {
  await trainOn('wasm');
  folder = await mkdtemp(join(tmpdir(), 'salad-ad-errors-'));
  const image = (side: number) =>
    encode({ width: side, height: side, data: new Uint8Array(side * side).fill(90), channels: 1 });
  await writeFile(join(folder, 'a.png'), image(SIDE));
  await writeFile(join(folder, 'b.png'), image(SIDE));
  await writeFile(join(folder, 'half.png'), image(SIDE).subarray(0, 50));
  await writeFile(join(folder, 'large.png'), image(2 * SIDE));
  model = tinyModel();
  await model.fit(normals(8));
});
afterAll(() => {
  model.dispose();
  return rm(folder, { recursive: true });
});

const records = (...names: string[]) =>
  names.map((name) => ({ path: `${name}.png`, id: `film ${name}` }));
const files = (...names: string[]) => recordSource(folder, records(...names));

/** Bad input, what is wrong with it, and the name of its image. */
const bad: Record<string, { source: () => ImageSource; code: string; id?: string }> = {
  'a file cut short': {
    source: () => files('a', 'half', 'b'),
    code: 'IMAGE_TRUNCATED',
    id: 'film half',
  },
  'a file that is gone, of a subset': {
    source: () => subset(files('a', 'b', 'gone'), [2, 0]),
    code: 'IMAGE_UNREADABLE',
    id: 'film gone',
  },
  'a file that is gone, behind another source': {
    source: () => concatSources(files('a', 'b'), files('gone')),
    code: 'IMAGE_UNREADABLE',
    id: 'film gone',
  },
  'images of two sizes': {
    source: () => files('a', 'large', 'b'),
    code: 'SHAPE_MISMATCH',
    id: 'film large',
  },
  'images of another size': {
    source: () => files('large', 'large'),
    code: 'SHAPE_MISMATCH',
    id: 'film large',
  },
  'a pixel out of range': {
    source: () => {
      const pixels = new Float32Array(3 * SIDE * SIDE).fill(0.5);
      pixels[SIDE * SIDE] = 2;
      return arraySource({ pixels, shape: [SIDE, SIDE, 1], ids: ['x', 'y', 'z'] });
    },
    code: 'PIXEL_RANGE',
    id: 'y',
  },
  'a source that gives too few': {
    source: () => ({
      ...normals(4),
      read: async (indices) => {
        const count = indices.length > 1 ? 1 : 2;
        return { pixels: new Uint8Array(count * SIDE * SIDE), shape: [SIDE, SIDE, 1] };
      },
    }),
    code: 'SHAPE_MISMATCH',
  },
  'a source that gives no images': {
    source: () => ({ ...normals(4), read: async () => ({}) as never }),
    code: 'INVALID_IMAGES',
  },
};

const baseline = () => pixelBank({ inputShape: [SIDE, SIDE, 1] });

/** The public calls that read images, by the name that their errors begin with. */
const calls: Record<string, (source: ImageSource) => Promise<unknown>> = {
  'SaladModel.fit': (source) => create().fit(source),
  'SaladModel.score': (source) => model.score(source),
  'SaladModel.nearest': (source) => model.nearest(source),
  'SaladModel.embed': (source) => model.embed(source),
  'SaladModel.extend': (source) => model.extend(source),
  'SaladModel.calibrate': (source) => model.calibrate(source),
  'SaladModel.refreshBank': (source) => model.refreshBank(source),
  'SaladModel.reconstruct': (source) => model.reconstruct(source),
  'SaladModel.reconstructionErrors': (source) => model.reconstructionErrors(source),
  anomalyMaps: (source) => anomalyMaps(model, source),
  [`${baseline().name}.fit`]: async (source) => {
    const detector = baseline();
    await detector.fit(source).finally(() => detector.dispose());
  },
};

async function expectNamed(
  run: Promise<unknown>,
  call: string,
  { code, id }: { readonly code: string; readonly id?: string },
): Promise<void> {
  const error = await run.then(
    () => undefined,
    (thrown) => thrown,
  );
  expect(error?.code).toBe(code);
  expect(error.message.startsWith(`${call}: `), error.message).toBe(true);
  expect(error.message.slice(call.length)).not.toMatch(INNER);
  if (id) expect(error.message).toContain(`'${id}'`);
}

describe.each(Object.keys(calls))('%s', (call) => {
  it.each(Object.keys(bad))('names itself and the image where there is %s', async (what) => {
    await expectNamed(calls[call](bad[what].source()), call, bad[what]);
  });
});

describe('threads', () => {
  it('tell errors by the call and the image', async () => {
    const pool = await imagePool({ concurrency: 1 });
    for (const [what, expected] of Object.entries(bad)) {
      const run = create().fit(expected.source(), { imagePool: pool });
      await expectNamed(run, 'SaladModel.fit', expected).catch((error) => {
        throw new Error(`${what}: ${error.message}`);
      });
    }
    await pool.dispose();
  });

  it('that score do so too', async () => {
    const file = join(folder, 'model');
    await model.save(fileSystem(file));
    const pool = await scoringPool(fileSystem(file), {
      backend: '@tensorflow/tfjs-backend-wasm',
      concurrency: 1,
    });
    for (const expected of Object.values(bad))
      await expectNamed(pool.score(expected.source()), 'ScoringPool.score', expected);
    await pool.dispose();
  });
});

describe('calls on a source itself', () => {
  const torn = { code: 'IMAGE_TRUNCATED', id: 'film half' };
  it('name it as the user made it', async () => {
    await expectNamed(files('half').read([0]), 'recordSource.read', torn);
    const films = await folderSource(folder, { accept: (path) => path === 'half.png' });
    await expectNamed(films.read([0]), 'folderSource.read', { ...torn, id: 'half.png' });
    await expectNamed(subset(files('half'), [0]).read([0]), 'subset.read', torn);
    await expectNamed(concatSources(files('half')).read([0]), 'concatSources.read', torn);
    const own = imageSource(records('x'), {
      open: async () => new Uint8Array(0),
      decoders: [nodeImages()],
    });
    await expectNamed(own.read([0]), 'imageSource.read', { ...torn, id: 'film x' });
    await expectNamed(readInOrder(files('half')).next(), 'readInOrder', torn);
    await expectNamed(checkImages(files('half'), { onUnreadable: 'error' }), 'checkImages', torn);
    const { report } = await checkImages(files('a', 'half'));
    expect(report.problems[0].message).toMatch(/^nodeImages: the file ends after 50 bytes/);
    const few = checkImages(bad['a source that gives too few'].source());
    await expect(few).rejects.toThrow(/^checkImages: the image source gave 2 images where 1 was/);
    await expect(files('a').read([1])).rejects.toThrow(/^recordSource.read: indices\[0\] is 1 /);
  });
});

describe('a normalisation', () => {
  it('of your own that gives too few values is told of by the call', async () => {
    const short = customNormalization({ name: 'short', apply: (values) => values.slice(1) });
    await expectNamed(create({ imageNormalization: short }).fit(normals(4)), 'SaladModel.fit', {
      code: 'SHAPE_MISMATCH',
    });
  });

  it('that a file asks for is told of by load', async () => {
    const mine = customNormalization({ name: 'mine', apply: (values) => values.slice() });
    const file = memoryFile();
    await create({ imageNormalization: mine }).save(file);
    await expectNamed(SaladModel.load(file), 'SaladModel.load', { code: 'INVALID_OPTION' });
    const other = customNormalization({ name: 'other', apply: (values) => values.slice() });
    const run = SaladModel.load(file, { imageNormalization: other });
    await expectNamed(run, 'SaladModel.load', { code: 'INVALID_OPTION' });
  });
});

it('patients in training and in validation are an error of the fit', async () => {
  const known = { ...normals(4), patients: ['a', 'b', 'c', 'd'] };
  const messageOf = (fitted: Promise<unknown>) => fitted.then(String, ({ message }) => message);
  expect(await messageOf(create().fit(known, { validation: known }))).toMatch(/^SaladModel\.fit: /);
  const detector = pixelBank({ inputShape: [SIDE, SIDE, 1] });
  expect(await messageOf(detector.fit(known, { validation: known }))).toMatch(/^pixelBank\.fit: /);
  detector.dispose();
});

it('a folder that has no images, or unknown options, is an error of folderSource', async () => {
  const labels = { elsewhere: 0 } as const;
  await expect(folderSource(folder, { labels })).rejects.toThrow(/^folderSource: /);
  await expect(folderSource(folder, { sizes: [1, 1] } as object)).rejects.toThrow(
    /^folderSource: unknown option 'sizes'.* Did you mean 'size'/,
  );
});
