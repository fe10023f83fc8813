import { mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { OnnxScorer, toOnnx } from '../../src/onnx/index.js';
import { enableWasmTraining } from '../../src/wasm/index.js';
import { mixed, normals, tinyModel } from '../model/tiny.js';
import { dicomFilm } from '../package/cli/dicom-films.js';
import { useBackend } from '../support/backends.js';
import { film, filmFolder, HEIGHT, WIDTH, writeFilms } from '../support/written-films.js';
import { dicomOf, rescale, table, windowOf } from './dicom-of-kinds.js';
import {
  chunksIn,
  engines,
  type FilmRow,
  killOneWorker,
  rowsIn,
  rowsOfChunks,
  startRun,
} from './engine-runs.js';

const folder = filmFolder();
const films = join(folder, 'films');
const listed = join(folder, 'films.csv');
const model = join(folder, 'model.onnx');
const startup = join(folder, 'startup');
/** By name; of the files that can be read. */
const expected = new Map<string, { score: number; pValue: number; abnormal: boolean }>();
/** Why the others have no score. */
const errors: Record<string, RegExp> = {
  'damaged.png': /^IMAGE_TRUNCATED: /,
  'text.dcm': /^IMAGE_UNSUPPORTED: /,
  'colour/ends-1.png': /^WORKER_ENDED: /,
  'colour/ends-2.png': /^WORKER_ENDED: /,
  'ends-3.png': /^WORKER_ENDED: /,
};

/** Films of every kind that the scripts read, by name. */
async function kindsOfFilms(): Promise<Record<string, Uint8Array>> {
  const values = Array.from(film(7), (value) => Math.round(4095 * value));
  const raw = { width: WIDTH, height: HEIGHT, channels: 1 as const };
  const grey = sharp(
    Uint8Array.from(values, (value) => value >> 4),
    { raw },
  );
  const entries = Array.from({ length: 4096 }, (_, i) => i >> 2);
  return {
    IM0001: dicomFilm(0, false, 'P0'),
    'dicom/2.DCM': dicomFilm(2, true, 'P2'),
    'dicom/window.dicom': dicomOf({ values, more: windowOf(2000, 2500) }),
    'dicom/table.ima': dicomOf({
      values,
      more: [...rescale(1, 0), ...table(0x00283010, { first: 0, bits: 10, values: entries })],
    }),
    'film.jpg': await grey.clone().toColourspace('b-w').jpeg().toBuffer(),
    'colour/turned.jpeg': await grey.clone().withMetadata({ orientation: 6 }).jpeg().toBuffer(),
    'colour/film.webp': await grey.clone().webp().toBuffer(),
  };
}

beforeAll(async () => {
  await useBackend('wasm');
  enableWasmTraining();
  const fitted = tinyModel({ resize: { method: 'area', fit: 'stretch' } });
  const recipe = { channels: 1 } as const;
  const validation = { ...normals(24, 3, 'validation'), recipe };
  await fitted.fit({ ...mixed(30, 4), recipe }, { validation });
  const { bytes } = await toOnnx(fitted);
  fitted.dispose();
  writeFileSync(model, bytes);

  for (const below of ['dicom', 'colour']) mkdirSync(join(films, below), { recursive: true });
  const kinds = await kindsOfFilms();
  for (const [name, content] of Object.entries(kinds)) writeFileSync(join(films, name), content);
  const pngs = [
    ...(await writeFilms(films, [0, 150])),
    ...(await writeFilms(films, [0, 4], 16)),
  ].map(({ path }) => path);
  const readable = [...Object.keys(kinds), ...pngs];
  const session = await ort.InferenceSession.create(bytes);
  const scorer = new OnnxScorer({ file: bytes, session, Tensor: ort.Tensor });
  const paths = readable.map((name) => join(films, name));
  const { scores, pValues = [], abnormal = [] } = await scorer.scoreFiles(paths);
  readable.forEach((name, i) => {
    expected.set(name, { score: scores[i], pValue: pValues[i], abnormal: abnormal[i] });
  });
  const content = readFileSync(join(films, '0-8.png'));
  writeFileSync(join(films, 'damaged.png'), content.subarray(0, 60));
  writeFileSync(join(films, 'text.dcm'), 'not a film');
  for (const name of Object.keys(errors).filter((one) => one.includes('ends')))
    writeFileSync(join(films, name), `ends a process: ${name}`);
  const rows = [...readable, ...Object.keys(errors)].map((name) => `films/${name}\n`);
  writeFileSync(listed, `path\n${rows.join('')}`);
  // What a decoder's crash does: the process ends as it comes to the file.
  mkdirSync(startup);
  writeFileSync(
    join(startup, 'sitecustomize.py'),
    `import hashlib, os
real = hashlib.sha256
hashlib.sha256 = lambda data=b"", **given: os._exit(9) if data[:14] == b"ends a process" else real(data, **given)
`,
  );
});

function expectEveryFilmOnce(rows: readonly FilmRow[], below = ''): void {
  const names = [...expected.keys(), ...Object.keys(errors)].map((name) => below + name);
  expect(rows.map(({ name }) => name).sort()).toEqual(names.sort());
  for (const row of rows) {
    const name = row.name.slice(below.length);
    const { score, pValue, abnormal } = expected.get(name) ?? {};
    if (score === undefined) {
      expect(row).toMatchObject({ score: null, p_value: null, verdict: null });
      expect(row.error).toMatch(errors[name]);
      continue;
    }
    const away = Math.abs((row.score as number) - score);
    expect(away, name).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(score)));
    expect(row).toMatchObject({ error: null, verdict: abnormal ? 'anomalous' : 'normal' });
    expect(row.p_value).toBeCloseTo(pValue as number, 12);
  }
  expect(new Set(rows.map(({ model_hash }) => model_hash)).size).toBe(1);
}

const keyOf = ({ name, modified }: FilmRow) => `${name} ${modified}`;

describe.each(engines)('$name', ({ name, script, missing }) => {
  it.skipIf(missing)(
    `scores every film once though workers end and one is killed${missing}`,
    { timeout: 900_000 },
    async () => {
      const out = join(folder, name);
      const run = startRun(script, [model, films, out, '--chunk', '8'], startup);
      await killOneWorker(out, run);
      expect(await run.text).toContain('5 of them with an error');
      const rows = await rowsIn(join(out, 'scores.parquet'));
      expectEveryFilmOnce(rows);
      // Not even twice in the chunks: a worker that was given chunks of another does not begin them anew.
      expect((await rowsOfChunks(out)).map(keyOf).sort()).toEqual(rows.map(keyOf).sort());
    },
  );

  it.skipIf(missing)(
    `goes on with a table after the whole run was killed, and scores only what is missing or has changed${missing}`,
    { timeout: 900_000 },
    async () => {
      const out = join(folder, `${name}-killed`);
      const line = [model, listed, out, '--chunk', '2'];
      const killed = startRun(script, line, startup);
      while (chunksIn(out).length < 10) {
        if (killed.child.exitCode !== null) throw new Error('the run ended before it was killed');
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      await killed.kill();
      await expect(killed.text).rejects.toThrow('ended with');
      const before = chunksIn(out);
      const kept = await rowsOfChunks(out, before);
      expect(kept.length).toBeLessThan(expected.size);
      // Engines share the films: another may have changed the same one before.
      const { name: changed, modified } = kept.find(({ error }) => error === null) as FilmRow;
      const earlier = Number(modified / 1_000_000_000n) - 60;
      utimesSync(join(folder, changed), earlier, earlier);

      await startRun(script, line, startup).text;
      expectEveryFilmOnce(await rowsIn(join(out, 'scores.parquet')), 'films/');
      const after = chunksIn(out).filter((chunk) => !before.includes(chunk));
      const done = kept.map((row) => row.name).filter((one) => one !== changed);
      const all = [...expected.keys(), ...Object.keys(errors)].map((one) => `films/${one}`);
      const scored = (await rowsOfChunks(out, after)).map((row) => row.name);
      expect(scored.sort()).toEqual(all.filter((one) => !done.includes(one)).sort());

      const finished = chunksIn(out).length;
      expect(await startRun(script, line, startup).text).toContain('5 of them with an error');
      expect(chunksIn(out)).toHaveLength(finished);
    },
  );

  it.skipIf(missing)(`ends with exit code 1 where there are no films${missing}`, async () => {
    const empty = join(folder, 'empty');
    mkdirSync(empty, { recursive: true });
    const run = startRun(script, [model, empty, join(folder, `${name}-none`)], startup);
    await expect(run.text).rejects.toThrow(/ended with 1: .*has no films/s);
  });
});
