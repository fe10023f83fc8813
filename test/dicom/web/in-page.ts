import { dicomWebSource } from '../../../src/dicom/index.js';

declare global {
  var readInPage: (url: string) => Promise<{
    readonly ids: readonly string[];
    readonly pixels: readonly number[];
    readonly problems: readonly string[];
  }>;
}

globalThis.readInPage = async (url) => {
  const headers = { authorization: 'Bearer token' };
  const options = { headers, longestWait: 0.01, onUnreadable: 'skip' } as const;
  const source = await dicomWebSource(url, options);
  const { pixels, problems = [] } = await source.read([...source.ids.keys()]);
  return {
    ids: source.ids,
    pixels: Array.from(pixels),
    problems: problems.map(({ id, message }) => `${id}: ${message}`),
  };
};
