import { describe, expect, it } from 'vitest';
import { fileSource } from '../../src/data/file-source.js';
import type { Decoder } from '../../src/decoding/decoder.js';

const onePixel: Decoder = {
  name: 'onePixel',
  accepts: () => true,
  decode: async (bytes) => ({ pixels: bytes, shape: [1, 1, 1] }),
};
const decoders = [onePixel];
const file = (name: string, value = 1) => new File([Uint8Array.of(value)], name);

describe('fileSource', () => {
  it('reads dropped files by name, whatever their order', async () => {
    const films = fileSource([file('b.png', 2), file('a.dcm', 1), file('.c.png'), file('d.md')], {
      decoders,
    });
    expect(films).toMatchObject({
      ids: ['a.dcm', 'b.png'],
      records: [{ path: 'a.dcm' }, { path: 'b.png' }],
      ignored: ['d.md'],
    });
    expect(films.labels).toBeUndefined();
    expect([...(await films.read([1, 0])).pixels]).toEqual([2, 1]);
  });

  it('labels the images of a picked folder by the folders within it', () => {
    const picked = (path: string) =>
      Object.defineProperty(file(path.slice(path.lastIndexOf('/') + 1)), 'webkitRelativePath', {
        value: path,
      });
    const paths = ['test/NORMAL/a.png', 'test/COVID/b.png', '__MACOSX/NORMAL/c.png'];
    const films = fileSource(
      // The name of the folder that was picked says nothing.
      paths.map((path) => picked(`abnormal/${path}`)),
      { decoders, part: 'test' },
    );
    expect(films.records).toEqual([
      { path: 'test/COVID/b.png', label: 1, part: 'test' },
      { path: 'test/NORMAL/a.png', label: 0, part: 'test' },
    ]);
    expect(films.summary.classes).toEqual({ normal: 1, abnormal: 1, unlabelled: 0 });
    const codes: string[] = [];
    const unlabelled = fileSource(['x/cats/a.png', 'x/dogs/b.png'].map(picked), {
      decoders,
      onWarning: ({ code }) => codes.push(code),
    });
    expect(codes).toEqual(['CLASS_FOLDERS_UNUSED']);
    expect(unlabelled.warnings).toHaveLength(1);
  });

  it('labels by the names of picked folders where there are several', () => {
    const picked = (path: string) =>
      Object.defineProperty(file(path.slice(path.lastIndexOf('/') + 1)), 'webkitRelativePath', {
        value: path,
      });
    const films = fileSource(['NORMAL/a.png', 'PNEUMONIA/a.png'].map(picked), { decoders });
    expect(films.records).toEqual([
      { path: 'NORMAL/a.png', label: 0 },
      { path: 'PNEUMONIA/a.png', label: 1 },
    ]);
    const unlabelled = fileSource(['cats/a.png', 'dogs/b.png'].map(picked), { decoders });
    expect(unlabelled.warnings?.map(({ code }) => code)).toEqual(['CLASS_FOLDERS_UNUSED']);
    expect(() => fileSource([file('a.png')], { decoders, accept: 3 as never })).toThrow(
      '[INVALID_OPTION]',
    );
  });

  it('refuses two files of one name, and no images', () => {
    expect(() => fileSource([file('a.png'), file('a.png')], { decoders })).toThrow(
      "fileSource: two files are named 'a.png'",
    );
    expect(() => fileSource([file('a.md')], { decoders })).toThrow('[EMPTY_SET]');
    expect(() => fileSource([file('a.png')], { decoder: onePixel } as object)).toThrow(
      '[UNKNOWN_OPTION]',
    );
  });

  it('names a file that has gone or is too large', async () => {
    const gone = Object.assign(file('gone.png'), {
      arrayBuffer: () => Promise.reject(new DOMException('gone', 'NotFoundError')),
    });
    const large = Object.defineProperty(file('large.png'), 'size', { value: 2 ** 30 });
    const films = fileSource([gone, large], { decoders });
    await expect(films.read([0])).rejects.toMatchObject({ code: 'IMAGE_UNREADABLE' });
    await expect(films.read([1])).rejects.toMatchObject({ code: 'IMAGE_TOO_LARGE' });
  });
});
