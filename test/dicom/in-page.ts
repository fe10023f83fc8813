import { dicom } from '../../src/dicom/index.js';

declare global {
  var decodeInPage: (bytes: readonly number[]) => Promise<readonly number[]>;
}

const decoder = dicom({ wasmUrl: (file) => `/codecs/${file}` });

globalThis.decodeInPage = async (bytes) => {
  const { pixels } = await decoder.decode(Uint8Array.from(bytes), { maxPixels: 2 ** 20 });
  return Array.from(pixels);
};
