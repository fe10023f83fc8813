// What a page of Chromium does with files: loaded by browser-images.test.ts.

import { fileSource } from '../../src/data/file-source.js';
import { browserImages } from '../../src/decoding/browser-images.js';

export interface DecodedInPage {
  readonly shape: readonly number[];
  readonly bits: 8 | 16;
  readonly pixels: readonly number[];
}

export interface ImagesInPage {
  decode(bytes: readonly number[], maxPixels?: number): Promise<DecodedInPage | string>;
  /** A picked folder: paths with the folder's name first. */
  folder(
    files: readonly { path: string; bytes: readonly number[] }[],
    indices: readonly number[],
  ): Promise<unknown>;
}

declare global {
  var images: ImagesInPage;
}

const codeOf = ({ code, message }: { code?: string; message: string }) => code ?? message;

globalThis.images = {
  decode: (bytes, maxPixels = 2 ** 26) =>
    browserImages()
      .decode(Uint8Array.from(bytes), { maxPixels })
      .then(
        ({ pixels, shape }) => ({
          shape,
          bits: pixels instanceof Uint16Array ? (16 as const) : (8 as const),
          pixels: Array.from(pixels),
        }),
        codeOf,
      ),
  async folder(files, indices) {
    const picked = files.map(({ path, bytes }) => {
      const file = new File([Uint8Array.from(bytes)], path.slice(path.lastIndexOf('/') + 1));
      // Only a picker sets it.
      return Object.defineProperty(file, 'webkitRelativePath', { value: path });
    });
    const { ids, labels, ignored, read } = fileSource(picked);
    const { pixels, shape } = await read(indices);
    return {
      ids,
      labels: Array.from(labels ?? []),
      ignored,
      shape,
      pixels: Array.from(pixels),
    };
  },
};
