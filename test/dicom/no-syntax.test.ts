import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { readDicom } from '../../src/dicom/read-dicom.js';
import { codeOf } from '../model/tiny.js';

it('tells a header that is cut short from one that names no transfer syntax', async () => {
  const file = await readFile(new URL('../fixtures/dicom/explicit-little.dcm', import.meta.url));
  for (const length of [160, 200, 230])
    expect(await codeOf(readDicom(file.subarray(0, length)))).toBe('IMAGE_TRUNCATED');
  const nameless = new Uint8Array(file);
  nameless[file.indexOf('\x02\0\x10\0UI', 132, 'latin1') + 2] = 0x11;
  expect(await codeOf(readDicom(nameless))).toBe('IMAGE_INVALID');
});
