import { describe, expect, it } from 'vitest';
import type { Decoder } from '../../src/decoding/decoder.js';
import { chooseDecoder, imageFormat } from '../../src/decoding/image-format.js';
import { expectedImages, imageFile } from './fixtures.js';

const decoder = (name: string, ...formats: string[]): Decoder => ({
  name,
  accepts: (head) => formats.includes(imageFormat(head) ?? ''),
  decode: async () => ({ pixels: new Uint8Array(1), shape: [1, 1, 1] }),
});
const text = (begin: string, at = 0) =>
  Uint8Array.from({ length: 200 }, (_, i) => begin.charCodeAt(i - at) || 0);

describe('imageFormat', () => {
  it('knows every fixture by its bytes', () => {
    const kinds = { png: 'png', jpg: 'jpeg', webp: 'webp', tiff: 'tiff' };
    for (const name of Object.keys(expectedImages)) {
      const extension = name.split('.')[1] as keyof typeof kinds;
      expect(`${name}: ${imageFormat(imageFile(name).subarray(0, 512))}`).toBe(
        `${name}: image/${kinds[extension]}`,
      );
    }
    expect(imageFormat(imageFile('refused.gif'))).toBe('image/gif');
    expect(imageFormat(imageFile('refused.bmp'))).toBe('image/bmp');
  });

  it('knows DICOM also behind the mark of another format', () => {
    const dicom = text('DICM', 128);
    expect(imageFormat(dicom)).toBe('application/dicom');
    dicom.set([0x49, 0x49, 0x2a, 0]);
    expect(imageFormat(dicom)).toBe('application/dicom');
    expect(imageFormat(dicom.subarray(0, 100))).toBe('image/tiff');
  });

  it('knows no format by a part of its mark', () => {
    for (const name of ['grey8.png', 'grey.jpg', 'lossless.webp', 'grey8.tiff']) {
      expect(imageFormat(imageFile(name).subarray(0, 2))).toBeUndefined();
    }
    expect(imageFormat(new Uint8Array(0))).toBeUndefined();
    expect(imageFormat(new Uint8Array(512))).toBeUndefined();
  });
});

describe('chooseDecoder', () => {
  const png = decoder('first', 'image/png');
  const both = decoder('second', 'image/png', 'image/jpeg');

  it('takes the first that accepts', () => {
    expect(chooseDecoder([png, both], imageFile('grey8.png'))).toBe(png);
    expect(chooseDecoder([both, png], imageFile('grey8.png'))).toBe(both);
    expect(chooseDecoder([png, both], imageFile('grey.jpg'))).toBe(both);
  });

  it.each([
    ['an empty file', new Uint8Array(0), 'the file is empty', 'IMAGE_TRUNCATED'],
    ['zeros', new Uint8Array(512), 'like no known image format', 'IMAGE_INVALID'],
    [
      'GIF',
      imageFile('refused.gif'),
      'the file is image/gif; expected a format of',
      'IMAGE_UNSUPPORTED',
    ],
    ['DICOM', text('DICM', 128), "add dicom() of 'salad-ad/dicom'", 'IMAGE_UNSUPPORTED'],
    ['TIFF', imageFile('grey8.tiff'), 'read it with nodeImages()', 'IMAGE_UNSUPPORTED'],
    ['a page', text('<!doctype html>'), 'a page that was saved in place of', 'IMAGE_UNSUPPORTED'],
    ['an archive', text('PK\x03\x04'), 'unpack it', 'IMAGE_UNSUPPORTED'],
    ['JPEG 2000', text('\0\0\0\x0cjP  '), 'image/jp2', 'IMAGE_UNSUPPORTED'],
  ])('names %s and the remedy', (_, bytes, words, code) => {
    expect(() => chooseDecoder([png], bytes)).toThrow(words);
    expect(() => chooseDecoder([png], bytes)).toThrow(`[${code}]`);
  });
});
