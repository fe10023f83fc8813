import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readDicom, renderDicom } from '../../src/dicom/index.js';
import codings from '../fixtures/dicom/codings.json' with { type: 'json' };
import real from '../fixtures/dicom/real.json' with { type: 'json' };

const folder = process.env.SALAD_AD_DATA;

const VIEWS: Record<string, object> = {
  RG1: { view: 'PA', bodyPart: 'CHEST', sex: 'F' },
  RG3: { view: 'AP', bodyPart: 'EXTREMITY', laterality: 'R' },
};

describe.skipIf(!folder)(
  'real films (SALAD_AD_DATA) as gdcm sees them, and FFmpeg to a level',
  () => {
    it.each(Object.entries(real))('%s', async (name, film) => {
      const { shape, sha256 } = film;
      const image = await readDicom(readFileSync(`${folder}/dicom/${name}.dcm`));
      expect(image).toMatchObject({ shape: [...shape, 1], photometric: 'MONOCHROME1' });
      expect(image.metadata).toMatchObject(VIEWS[name.slice(0, 3)]);
      expect(image.bitsStored).toBe(name.startsWith('RG1') ? 15 : 10);
      const { buffer, byteOffset, byteLength } = image.pixels;
      const bytes = Buffer.from(buffer, byteOffset, byteLength);
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
      // At every pixel, by the script that made the sums: so ours, which are gdcm's, are that near too.
      if ('ffmpegOff' in film) expect(film.ffmpegOff).toBeLessThanOrEqual(1);
      // Air around the patient is exposed, and black.
      const { pixels } = renderDicom(image);
      let sum = 0;
      for (const grey of pixels) sum += grey;
      const mean = sum / pixels.length;
      expect(mean).toBeGreaterThan(65535 * 0.1);
      expect(mean).toBeLessThan(65535 * 0.9);
    });
  },
);

// Films of the coding tests of DICOM's Working Group 4, and two others; of five, bytes of ones stand behind the end marker.
const ofCodings = `${folder}/dicom-codings`;

describe.skipIf(!existsSync(ofCodings))(
  'real films of many codings (SALAD_AD_DATA) as pydicom sees them',
  () => {
    it.each(Object.entries(codings))('%s', async (name, sum) => {
      const { pixels } = await readDicom(readFileSync(`${ofCodings}/${name}.dcm`));
      // The first 8 bytes of the SHA-256 of the values as 32-bit numbers.
      const bytes = Buffer.from(Int32Array.from(pixels).buffer);
      expect(createHash('sha256').update(bytes).digest('hex').slice(0, 16)).toBe(sum);
    });
  },
);
