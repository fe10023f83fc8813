import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { efficientNetLite0 } from '../../src/encoders/index.js';
import { type ImageSource, SaladModel } from '../../src/index.js';
import { fileSystem, recordSource, scoringPool } from '../../src/node/index.js';
import { enableWasmTraining } from '../../src/wasm/index.js';
import { useBackend } from '../support/backends.js';
import { filmFolder, writeFilms } from '../support/written-films.js';

const folder = filmFolder();
const stretch = { size: [32, 32], resize: { method: 'area', fit: 'stretch' } } as const;

describe.each(['embedding', 'cells', 'both'] as const)(
  'a model of efficientNetLite0 by %s',
  (score) => {
    let place = '';
    let model: SaladModel;
    let films: ImageSource;
    let paths: string[];
    beforeAll(async () => {
      await useBackend('wasm');
      enableWasmTraining();
      place = await mkdtemp(join(tmpdir(), 'salad-lite0-'));
      const backbone = await efficientNetLite0({ inputShape: [32, 32, 1] });
      model = SaladModel.create({ backbone, score, scoreNeighbors: 3, cells: { grid: [2, 2] } });
      const train = recordSource(folder, await writeFilms(folder, [0, 16]), stretch);
      const validation = recordSource(folder, await writeFilms(folder, [24, 40]), stretch);
      await model.fit(train, { validation });
      const records = await writeFilms(folder, [50, 60]);
      films = recordSource(folder, records, stretch);
      paths = records.map(({ path }) => join(folder, path));
      await model.save(fileSystem(place));
    });
    afterAll(async () => {
      model.dispose();
      await rm(place, { recursive: true });
    });

    it('learns without epochs, and scores files as it does their source', async () => {
      expect(model.history).toEqual([]);
      const { scores } = await model.score(films);
      expect(scores.every(Number.isFinite)).toBe(true);
      expect(new Set(scores).size).toBe(10);
      expect((await model.scoreFiles(paths)).scores).toEqual(scores);
      expect(model.threshold).toBeGreaterThan(0);
    });

    it('scores the same once it is loaded with its encoder, and once it is extended', async () => {
      const backbone = await efficientNetLite0({ inputShape: [32, 32, 1] });
      const loaded = await SaladModel.load(fileSystem(place), { backbone });
      const expected = (await model.score(films)).scores;
      expect((await loaded.score(films)).scores).toEqual(expected);
      const more = recordSource(folder, await writeFilms(folder, [16, 24]), stretch);
      await loaded.extend(more);
      expect(loaded.bank.size).toBe(24);
      expect((await loaded.score(films)).scores.every(Number.isFinite)).toBe(true);
      loaded.dispose();
    });

    it('scores on threads, each of which makes its own encoder, to the bit', async () => {
      const backend = new URL('./backend-with-encoder.ts', import.meta.url);
      const pool = await scoringPool(fileSystem(place), { backend, concurrency: 2 });
      expect((await pool.score(films)).scores).toEqual((await model.score(films)).scores);
      await pool.dispose();
    });
  },
);
