import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { dicom, readDicom, readDicomMetadata, renderDicom } from '../../src/dicom/index.js';
import { codeOf } from '../model/tiny.js';
import { fixture } from './fixtures.js';
import { boundaries } from './writer.js';

it('tells a header that is cut short from one that names no transfer syntax', async () => {
  const file = await readFile(new URL('../fixtures/dicom/explicit-little.dcm', import.meta.url));
  for (const length of [160, 200, 230])
    expect(await codeOf(readDicom(file.subarray(0, length)))).toBe('IMAGE_TRUNCATED');
  const nameless = new Uint8Array(file);
  nameless[file.indexOf('\x02\0\x10\0UI', 132, 'latin1') + 2] = 0x11;
  // The data set tells by its first element how it is written.
  expect((await readDicom(nameless)).pixels).toEqual((await readDicom(file)).pixels);
  nameless[file.indexOf('\x08\0\x16\0UI', 132, 'latin1')] = 0x07;
  expect(await codeOf(readDicom(nameless))).toBe('IMAGE_INVALID');
});

it('reads a file without header from any of its first elements on, as dcm2pnm does', async () => {
  const file = new Uint8Array(fixture('explicit-little'));
  const view = new DataView(file.buffer);
  const { pixels } = await readDicom(file);
  const begun: string[] = [];
  for (const at of boundaries(file)) {
    const tag = [0, 2].map((more) => view.getUint16(at + more, true).toString(16)).join();
    if (!/^(8,|10,[12]0$)/.test(tag)) continue;
    begun.push(tag);
    expect((await readDicom(file.subarray(at))).pixels, tag).toEqual(pixels);
    expect(dicom().accepts(file.subarray(at, at + 512)), tag).toBe(true);
  }
  expect(begun).toContain('8,60');
});

it('is told of by the call that was made', async () => {
  const bytes = new Uint8Array(200);
  await expect(readDicom(bytes)).rejects.toThrow(/^readDicom: the file has no DICM mark/);
  await expect(readDicomMetadata(bytes)).rejects.toThrow(/^readDicomMetadata: the file has no/);
  const decoder = dicom();
  await expect(decoder.decode(bytes, { maxPixels: 9 })).rejects.toThrow(/^dicom: the file has no/);
  const file = await readFile(new URL('../fixtures/dicom/explicit-little.dcm', import.meta.url));
  await expect(readDicom(file, { maxPixels: 1 })).rejects.toThrow(/^readDicom: /);
  const image = await readDicom(file);
  const greyScale = { ...image.greyScale, interest: { center: 5, width: 0 } };
  const { warnings } = renderDicom({ ...image, greyScale });
  expect(warnings?.map(({ message }) => message)).toEqual([
    expect.stringMatching(/^renderDicom: the window has centre 5 and width 0/),
  ]);
});
