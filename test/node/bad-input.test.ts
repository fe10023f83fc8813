import type * as files from 'node:fs/promises';
import { mkdir, mkdtemp, open, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32, deflateRawSync, deflateSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { checkImages } from '../../src/data/check-images.js';
import { ProblemReport } from '../../src/data/problem-report.js';
import { quarantine } from '../../src/node/quarantine.js';
import { recordSource } from '../../src/node/record-source.js';
import { trainOn } from '../model/held-models.js';
import { normals, SIDE, tinyModel } from '../model/tiny.js';

// Which files were read whole, and how often pixels were asked for.
const seen = vi.hoisted(() => ({ read: [] as string[], decoded: 0 }));
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof files>();
  const readFileOnce = (file: string, ...rest: []) => {
    seen.read.push(String(file));
    // Whoever runs the tests may be allowed everything.
    return String(file).endsWith('denied.png')
      ? Promise.reject(Object.assign(new Error('denied'), { code: 'EACCES' }))
      : real.readFile(file, ...rest);
  };
  return { ...real, readFile: readFileOnce };
});
vi.mock('sharp', async (original) => {
  const { default: sharp } = await original<{ default: (...options: unknown[]) => unknown }>();
  const counted = (...options: unknown[]) => {
    seen.decoded += 1;
    return sharp(...options);
  };
  return { default: counted };
});

const seed = (name: string) =>
  readFile(fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url)));

function chunk(type: string, body: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(type), body]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(body.length, 0);
  ends.writeUInt32BE(crc32(named), 4);
  return Buffer.concat([ends.subarray(0, 4), named, ends.subarray(4)]);
}

function png(width: number, height: number, more: Buffer = Buffer.alloc(0)): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    more,
    chunk('IDAT', deflateSync(Buffer.alloc(1 << 16))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A JPEG whose frame says other sides. */
function resizedJpeg(bytes: Buffer, side: number): Buffer {
  const frame = bytes.indexOf(Buffer.from([0xff, 0xc0]));
  const result = Buffer.from(bytes);
  result.writeUInt16BE(side, frame + 5);
  result.writeUInt16BE(side, frame + 7);
  return result;
}

/** A DICOM file whose rows and columns are others. */
function resizedDicom(bytes: Buffer, side: number): Buffer {
  const result = Buffer.from(bytes);
  for (const tag of [0x10, 0x11]) {
    const at = result.indexOf(Buffer.from([0x28, 0, tag, 0, 0x55, 0x53]));
    result.writeUInt16LE(side, at + 8);
  }
  return result;
}

/** A deflated DICOM file that grows a thousandfold. */
async function swollenDicom(): Promise<Buffer> {
  const bytes = await seed('dicom/deflated.dcm');
  const dataSet = 144 + bytes.readUInt32LE(140);
  return Buffer.concat([bytes.subarray(0, dataSet), deflateRawSync(Buffer.alloc(64 * 2 ** 20))]);
}

let root = '';
/** Name of each file: its content, and the code that it is refused with; none where it can be read. */
const cases: Record<string, [content: () => Promise<Buffer> | Buffer | string, code?: string]> = {
  'whole.png': [() => seed('fuzz/seeds/grey-8.png')],
  'a-png.jpg': [() => seed('fuzz/seeds/grey-8.png')],
  'a-png.dcm': [() => seed('fuzz/seeds/grey-8.png')],
  'no-extension': [() => seed('dicom/explicit-little.dcm')],
  'ünï côdé 胸部.png': [() => seed('fuzz/seeds/grey-8.png')],
  [`${'long'.repeat(62)}.png`]: [() => seed('fuzz/seeds/grey-8.png')],
  'deep/er/whole.tif': [() => seed('fuzz/seeds/lzw-rgb.tif')],
  'empty.png': [() => '', 'IMAGE_TRUNCATED'],
  'half.png': [
    async () => (await seed('fuzz/seeds/grey-8.png')).subarray(0, 300),
    'IMAGE_TRUNCATED',
  ],
  'half.jpg': [async () => (await seed('fuzz/seeds/grey.jpg')).subarray(0, 400), 'IMAGE_TRUNCATED'],
  'half.tif': [async () => (await seed('fuzz/seeds/none.tif')).subarray(0, 500), 'IMAGE_TRUNCATED'],
  'half.webp': [
    async () => (await seed('fuzz/seeds/lossy.webp')).subarray(0, 90),
    'IMAGE_TRUNCATED',
  ],
  'half.dcm': [
    async () => (await seed('dicom/explicit-little.dcm')).subarray(0, 2000),
    'IMAGE_TRUNCATED',
  ],
  'head.dcm': [
    async () => (await seed('dicom/explicit-little.dcm')).subarray(0, 200),
    'IMAGE_TRUNCATED',
  ],
  'no-width.png': [() => png(0, 5), 'IMAGE_INVALID'],
  'bomb.png': [() => png(60_000, 60_000), 'IMAGE_TOO_LARGE'],
  'bomb.jpg': [
    async () => resizedJpeg(await seed('fuzz/seeds/grey.jpg'), 65_500),
    'IMAGE_TOO_LARGE',
  ],
  'bomb.dcm': [
    async () => resizedDicom(await seed('dicom/explicit-little.dcm'), 65_535),
    'IMAGE_TOO_LARGE',
  ],
  'swollen.dcm': [swollenDicom, 'IMAGE_TOO_LARGE'],
  'text.png': [() => 'Patient was asked to come back.', 'IMAGE_INVALID'],
  'page.png': [() => '<!DOCTYPE html><title>404</title>', 'IMAGE_UNSUPPORTED'],
  'archive.dcm': [() => Buffer.from('PK\x03\x04 and so on'), 'IMAGE_UNSUPPORTED'],
  'zeros.dcm': [() => Buffer.alloc(4096), 'IMAGE_INVALID'],
  'denied.png': [() => seed('fuzz/seeds/grey-8.png'), 'IMAGE_UNREADABLE'],
};
const special: Record<string, string> = {
  'folder.png': 'IMAGE_UNREADABLE',
  'circle.png': 'IMAGE_UNREADABLE',
  'nowhere.png': 'IMAGE_UNREADABLE',
  'never-was.png': 'IMAGE_UNREADABLE',
  'whole.png/within.png': 'IMAGE_UNREADABLE',
  [`${'x'.repeat(300)}.png`]: 'IMAGE_UNREADABLE',
  'sparse.png': 'IMAGE_TOO_LARGE',
};
const paths = [...Object.keys(cases), ...Object.keys(special)];
const records = paths.map((path) => ({ path }));
const codeFor = (path: string) => special[path] ?? cases[path]?.[1];
const size = [16, 16] as const;
// Below this lie the swollen file, and nothing that is whole.
const maxPixels = 2 ** 20;

beforeAll(async () => {
  root = join(await mkdtemp(join(tmpdir(), 'salad-bad-')), 'films');
  for (const [path, [content]] of Object.entries(cases)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), await content());
  }
  await mkdir(join(root, 'folder.png'));
  await symlink('circle.png', join(root, 'circle.png'));
  await symlink('nothing.png', join(root, 'nowhere.png'));
  await (await open(join(root, 'sparse.png'), 'w')).close();
  await truncate(join(root, 'sparse.png'), 2 ** 38);
});
afterAll(() => rm(dirname(root), { recursive: true, force: true }));
beforeEach(() => {
  seen.read.length = 0;
  seen.decoded = 0;
});

describe('a folder of bad files', () => {
  it.each(paths.map((path) => [path, codeFor(path) ?? 'an image'] as const))(
    '%s is %s',
    async (path, expected) => {
      const source = recordSource(root, [{ path }], { size, maxPixels });
      const got = await source.read([0]).then(
        () => 'an image',
        ({ code, message }) => {
          expect(message).not.toContain(dirname(root));
          expect(message).toContain(path);
          return code;
        },
      );
      expect(got).toBe(expected);
    },
  );

  it.each(['bomb.png', 'bomb.jpg', 'bomb.dcm', 'swollen.dcm'])(
    '%s is refused before a pixel is decoded, and takes no memory',
    async (path) => {
      const source = recordSource(root, [{ path }], { maxPixels });
      const before = process.memoryUsage();
      await expect(source.read([0])).rejects.toMatchObject({ code: 'IMAGE_TOO_LARGE' });
      const after = process.memoryUsage();
      expect(seen.decoded).toBe(0);
      // Decoded, the smallest would take 64 MiB.
      expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(2 ** 25);
    },
  );

  it('reads nothing of a file that is larger than any image may be', async () => {
    const source = recordSource(root, [{ path: 'sparse.png' }]);
    await expect(source.read([0])).rejects.toMatchObject({ code: 'IMAGE_TOO_LARGE' });
    expect(seen.read).toEqual([]);
  });

  it('is read under skip, with every bad file in the report and no other', async () => {
    const report = new ProblemReport();
    const source = recordSource(root, records, {
      size,
      maxPixels,
      onUnreadable: 'skip',
      onProblem: report.add,
    });
    const { positions = [], problems = [], pixels } = await source.read(paths.map((_, i) => i));
    const expected = paths.flatMap((path, i) => (codeFor(path) ? [i] : []));
    expect(problems.map(({ index }) => index)).toEqual(expected);
    expect(positions).toEqual([...paths.keys()].filter((i) => !expected.includes(i)));
    expect(problems.map(({ code }) => code)).toEqual(expected.map((i) => codeFor(paths[i])));
    expect(report.problems.map(({ index }) => index).sort((a, b) => a - b)).toEqual(expected);
    expect(pixels.length).toBe(positions.length * 256);
  });

  it('is cleared by a check that puts bad files aside', async () => {
    const source = recordSource(root, records, { size, maxPixels });
    const checked = await checkImages(source, {
      onUnreadable: 'quarantine',
      quarantine: quarantine({ root }),
    });
    expect(checked.source.ids).toEqual(paths.filter((path) => !codeFor(path)));
    const { report } = checked;
    expect(Object.values(report.counts).reduce((a, b) => a + b)).toBe(
      paths.filter((path) => codeFor(path)).length,
    );
    const actions = report.problems.map(({ id, code, action }) => [code, id, action]);
    for (const [code, id, action] of actions)
      if (code === 'IMAGE_INVALID' || code === 'IMAGE_TRUNCATED')
        expect(action).toBe(`moved to ${basename(root)}-quarantine/${id}`);
      else expect(action).toBe('stays where it is');
    expect(report.toText()).toContain('could not be read');
  });
});

describe('a file that is gone in mid-run', () => {
  it('ends a run under error, and takes no further part under skip', async () => {
    await trainOn('wasm');
    const images = normals(12);
    const folder = join(dirname(root), 'mid-run');
    await mkdir(folder);
    const { pixels } = await images.read(images.ids.map((_, i) => i));
    const write = (index: number) => {
      const rows = Array.from({ length: SIDE }, (_, y) => {
        const from = (index * SIDE + y) * SIDE;
        return Buffer.from([0, ...Array.from(pixels.slice(from, from + SIDE), (v) => v * 255)]);
      });
      const header = png(SIDE, SIDE).subarray(0, 33);
      const end = chunk('IEND', Buffer.alloc(0));
      const body = chunk('IDAT', deflateSync(Buffer.concat(rows)));
      return writeFile(join(folder, `${index}.png`), Buffer.concat([header, body, end]));
    };
    const all = images.ids.map((_, index) => index);
    const list = all.map((index) => ({ path: `${index}.png` }));
    for (const onUnreadable of ['error', 'skip'] as const) {
      await Promise.all(all.map(write));
      const model = tinyModel();
      const run = model.fit(recordSource(folder, list, { onUnreadable, cacheBytes: 0 }), {
        callbacks: {
          onEpochEnd: async (epoch) => {
            if (epoch === 0) await rm(join(folder, '5.png'));
          },
        },
      });
      if (onUnreadable === 'error') {
        await expect(run).rejects.toMatchObject({ code: 'IMAGE_UNREADABLE' });
      } else {
        const { epochs, problems } = await run;
        expect(epochs.map(({ unreadable = 0 }) => unreadable).slice(0, 3)).toEqual([
          0,
          expect.any(Number),
          1,
        ]);
        expect(problems).toMatchObject([{ index: 5, id: '5.png', code: 'IMAGE_UNREADABLE' }]);
        const source = recordSource(folder, list, { onUnreadable });
        const scored = await model.score(source);
        expect(scored.problems?.map(({ id }) => id)).toEqual(['5.png']);
        expect(scored.scores.length).toBe(11);
        expect(scored.scores.every(Number.isFinite)).toBe(true);
      }
      model.dispose();
    }
  });
});
