import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { writeDicomFilms } from './dicom-films.js';
import { run } from './run.js';

/** Settings of a run of seconds. */
export const QUICK = {
  size: 32,
  settings: { pretrainEpochs: 2, rounds: 1, epochsPerRound: 1, scoreNeighbors: 3 },
};

/** A folder of this test file with DICOM films, `films/normal` and `films/abnormal`, and a model that learnt from them. */
export function filmsAndModel(): { readonly folder: string } {
  const folder = mkdtempSync(join(tmpdir(), 'salad-ad-cli-'));
  beforeAll(async () => {
    writeDicomFilms(join(folder, 'films'), { normal: 60, abnormal: 20 });
    const { writeFileSync } = await import('node:fs');
    writeFileSync(join(folder, 'quick.json'), JSON.stringify(QUICK));
    const fit = await run(['fit', 'films', '--out', 'model', '--config', 'quick.json'], {
      cwd: folder,
    });
    expect(fit).toMatchObject({ code: 0 });
    expect(existsSync(join(folder, 'model/model.json'))).toBe(true);
    expect(existsSync(join(folder, 'model.checkpoint'))).toBe(false);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return { folder };
}
