import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readDicom, renderDicom } from '../../src/dicom/index.js';
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
