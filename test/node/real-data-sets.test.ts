import { describe, expect, it } from 'vitest';
import { chexpertFolder, muraFolder, nihFolder, rsnaFolder } from '../../src/node/data-sets.js';
import { recordSource } from '../../src/node/index.js';
import type { ImageRecord } from '../../src/records/image-record.js';

// The sets themselves, unpacked as they come, where a variable says where they are.
const sets: Record<string, (folder: string) => Promise<ImageRecord[]>> = {
  SALAD_AD_NIH: (folder) => nihFolder(folder, { whole: true }),
  SALAD_AD_MURA: (folder) => muraFolder(folder, { whole: true }),
  SALAD_AD_CHEXPERT: (folder) => chexpertFolder(folder),
  SALAD_AD_RSNA: (folder) => rsnaFolder(folder, { whole: true }),
};

describe.each(Object.entries(sets))('the set in %s', (variable, recordsOf) => {
  const folder = process.env[variable];

  it.skipIf(!folder)('has both classes, and films that can be read', async () => {
    const records = await recordsOf(folder as string);
    const labels = new Set(records.map(({ label }) => label));
    expect(labels.has(0) && labels.has(1)).toBe(true);
    const some = records.filter((_, i) => i % Math.ceil(records.length / 20) === 0);
    const films = recordSource(folder as string, some, { size: [64, 64] });
    const { pixels } = await films.read(some.map((_, i) => i));
    expect(pixels).toHaveLength(some.length * 64 * 64);
  });
});
