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

describe.skipIf(!folder)('real films (SALAD_AD_DATA) as gdcm sees them', () => {
  it.each(Object.entries(real))('%s', async (name, { shape, sha256, sample }) => {
    const image = await readDicom(readFileSync(`${folder}/dicom/${name}.dcm`));
    expect(image).toMatchObject({ shape: [...shape, 1], photometric: 'MONOCHROME1' });
    expect(image.metadata).toMatchObject(VIEWS[name.slice(0, 3)]);
    expect(image.bitsStored).toBe(name.startsWith('RG1') ? 15 : 10);
    // JPEG 2000 of RG1 is lossy: decoders may differ by one level.
    const lossy = image.transferSyntax.uid === '1.2.840.10008.1.2.4.91';
    const [rows, columns] = shape;
    let at = 0;
    for (let y = 0; y < rows; y += 100)
      for (let x = 0; x < columns; x += 100, at++) {
        const difference = Math.abs(image.pixels[y * columns + x] - sample[at]);
        expect(difference).toBeLessThanOrEqual(lossy ? 1 : 0);
      }
    expect(at).toBe(sample.length);
    const bytes = Buffer.from(
      image.pixels.buffer,
      image.pixels.byteOffset,
      image.pixels.byteLength,
    );
    if (!lossy) expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
    // Air around the patient is exposed, and black.
    const { pixels } = renderDicom(image);
    let sum = 0;
    for (const grey of pixels) sum += grey;
    const mean = sum / pixels.length;
    expect(mean).toBeGreaterThan(65535 * 0.1);
    expect(mean).toBeLessThan(65535 * 0.9);
  });
});
