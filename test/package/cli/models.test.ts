import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { writeDicomFilms } from './dicom-films.js';
import { filmsAndModel } from './films.js';
import { run } from './run.js';

const { folder } = filmsAndModel();
const here = (...path: string[]) => join(folder, ...path);
const cli = (...args: string[]) => run(args, { cwd: folder });
/** As built, from the repository, whose tools include onnxruntime-node. */
const withRuntime = (...args: string[]) =>
  run([resolve('dist/cli.js'), ...args], { cwd: folder, program: process.execPath });
const rowsOf = (out: string): Record<string, unknown>[] =>
  out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('an exported .onnx file', () => {
  it('gives the table of its folder: scores to 1e-5 of their range, p-values and verdicts the same', async () => {
    expect((await cli('export', '--model', 'model', '--out', 'model.onnx')).code).toBe(0);
    // Films that set the threshold would tie with themselves, but for the last digits.
    writeDicomFilms(here('new'), { normal: 20, abnormal: 20, first: 500 });
    const line = (model: string) => ['score', 'new', '--model', model, '--format', 'jsonl'];
    const [own, exported] = [await cli(...line('model')), await withRuntime(...line('model.onnx'))];
    expect(exported.code).toBe(0);
    const expected = rowsOf(own.out);
    expect(expected).toHaveLength(40);
    const all = expected.map(({ score }) => Number(score));
    const range = Math.max(...all) - Math.min(...all);
    for (const [i, row] of rowsOf(exported.out).entries()) {
      expect(Object.keys(row)).toEqual(Object.keys(expected[i]));
      for (const [name, value] of Object.entries(row)) {
        const wanted = expected[i][name];
        // Each has the hash of its own file.
        if (name === 'modelHash') expect(value).not.toBe(wanted);
        else if (typeof value !== 'number') expect(value).toEqual(wanted);
        // An angle of nearly 0 has no digits left: its cosine is 1 in float32.
        else if (name === 'nearestAngleDegrees')
          expect(Math.abs(value - Number(wanted))).toBeLessThan(0.05);
        else
          expect(Math.abs(value - Number(wanted)), name).toBeLessThan(
            // A score is a sum in standard deviations of terms that agree to 1e-5.
            1e-5 * (name === 'score' ? Math.max(1, range) : 1),
          );
      }
    }
  });

  it('needs onnxruntime-node, and says so before anything is scored', async () => {
    writeFileSync(here('any.onnx'), 'no model');
    const { code, err } = await cli('score', 'films', '--model', 'any.onnx');
    expect(code).toBe(3);
    expect(err).toMatch(/^salad-ad score: [^\n]*`npm install onnxruntime-node`[^\n]*\n$/);
    const damaged = await withRuntime('score', 'films', '--model', 'any.onnx');
    expect(damaged.code).toBe(4);
    expect(damaged.err).toMatch(/^salad-ad score: 'any.onnx' is no model that onnxruntime runs/);
  });

  it('is refused where a folder is needed', async () => {
    writeFileSync(here('any.onnx'), 'no model');
    expect(await cli('inspect', 'any.onnx')).toMatchObject({
      code: 4,
      err: "salad-ad inspect: 'any.onnx' is an exported file, which `salad-ad score` alone takes; name the folder that `salad-ad fit --out` wrote\n",
    });
  });
});

describe('a detector of salad-ad/baselines', () => {
  it('is scored by its recipe, and exported; unreadable files have a row that says why', async () => {
    const program = `
      import '@tensorflow/tfjs-backend-wasm';
      import * as tf from '@tensorflow/tfjs-core';
      import { pixelBank } from 'salad-ad/baselines';
      import { fileSystem, folderSource } from 'salad-ad/node';
      await tf.setBackend('wasm');
      const films = await folderSource(${JSON.stringify(here('films/normal'))}, { size: [16, 16] });
      const detector = pixelBank({ inputShape: [16, 16, 1] });
      await detector.fit(films);
      await detector.save(fileSystem(${JSON.stringify(here('other'))}));
      const all = await folderSource(${JSON.stringify(here('films'))}, { size: [16, 16] });
      console.log(JSON.stringify(Array.from((await detector.score(all)).scores)));`;
    const text = execFileSync(process.execPath, ['--input-type=module', '--eval', program], {
      cwd: inject('project'),
      encoding: 'utf8',
    });
    const scores: number[] = JSON.parse(text);
    const { code, out } = await cli('score', 'films', '--model', 'other', '--format', 'jsonl');
    expect(code).toBe(0);
    expect(rowsOf(out).map(({ score }) => score)).toEqual(scores);
    expect(Object.keys(rowsOf(out)[0])).toEqual(['file', 'score', 'fileHash', 'modelHash']);

    mkdirSync(here('damaged'));
    for (const name of ['a.dcm', 'c.dcm'])
      copyFileSync(here('films/normal/000.dcm'), here('damaged', name));
    writeFileSync(
      here('damaged/b.dcm'),
      readFileSync(here('films/normal/001.dcm')).subarray(0, 900),
    );
    const some = await cli('score', 'damaged', '--model', 'other', '--format', 'jsonl');
    expect(some.code).toBe(5);
    const [a, b, c] = rowsOf(some.out);
    expect(a.score).toBe(scores[20]);
    expect(c.score).toBe(scores[20]);
    expect(b).toEqual({
      file: 'damaged/b.dcm',
      fileHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      modelHash: a.modelHash,
      problem: expect.stringMatching(/^IMAGE_TRUNCATED: /),
    });

    expect((await cli('export', '--model', 'other', '--out', 'other.onnx')).code).toBe(0);
    expect(readFileSync(here('other.onnx')).length).toBeGreaterThan(60 * 256);
    const refused = await cli('export', '--model', 'other', '--out', 'other.safetensors');
    expect(refused).toMatchObject({
      code: 2,
      err: expect.stringMatching(/--out model\.onnx say\n$/),
    });
    const inspected = await cli('inspect', 'other');
    expect(inspected.code).toBe(4);
    expect(inspected.err).toMatch(/'other' holds a model of another kind \(pixelBank\), which/);
  });
});

describe('a sum of models', () => {
  const fitted = () => `
    import '@tensorflow/tfjs-backend-wasm';
    import * as tf from '@tensorflow/tfjs-core';
    import { SaladModel } from 'salad-ad';
    import { combinedDetector } from 'salad-ad/baselines';
    import { fileSystem, folderSource } from 'salad-ad/node';
    import { enableWasmTraining } from 'salad-ad/wasm';
    enableWasmTraining();
    await tf.setBackend('wasm');
    const films = await folderSource(${JSON.stringify(here('films/normal'))}, { size: [32, 32] });
    const learnt = { pretrainEpochs: 1, rounds: 0, scoreNeighbors: 3, seed: 7 };
    const models = {
      small: SaladModel.create({ backbone: { kind: 'convAutoencoder', inputShape: [32, 32, 1] }, ...learnt }),
      other: SaladModel.create({ backbone: { kind: 'convAutoencoder', inputShape: [32, 32, 1] }, ...learnt, seed: 8 }),
    };
    const detector = combinedDetector({ models, terms: ['small.embedding', 'other.error'] });
    await detector.fit(films);
    await detector.calibrate(await folderSource(${JSON.stringify(here('more/normal'))}, { size: [32, 32] }));
    await detector.save(fileSystem(${JSON.stringify(here('sum'))}));
    const { scores, pValues, abnormal } = await detector.score(await folderSource(${JSON.stringify(here('films'))}, { size: [32, 32] }));
    console.log(JSON.stringify({ scores: [...scores], pValues: [...pValues], abnormal }));`;

  it('is scored with its threshold and p-values; unreadable films have a row that says why', async () => {
    writeDicomFilms(here('more'), { normal: 30, abnormal: 2, first: 300 });
    const args = ['--input-type=module', '--eval', fitted()];
    const text = execFileSync(process.execPath, args, { cwd: inject('project'), encoding: 'utf8' });
    const expected = JSON.parse(text);
    const { code, out, err } = await cli('score', 'films', '--model', 'sum', '--format', 'jsonl');
    expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
    const rows = rowsOf(out);
    expect({
      scores: rows.map(({ score }) => score),
      pValues: rows.map(({ pValue }) => pValue),
      abnormal: rows.map(({ abnormal }) => abnormal),
    }).toEqual(expected);

    mkdirSync(here('torn'));
    copyFileSync(here('films/abnormal/000.dcm'), here('torn/a.dcm'));
    writeFileSync(here('torn/b.dcm'), readFileSync(here('films/normal/001.dcm')).subarray(0, 900));
    copyFileSync(here('films/normal/000.dcm'), here('torn/c.dcm'));
    const some = await cli('score', 'torn', '--model', 'sum', '--format', 'jsonl');
    expect(some.code).toBe(5);
    const [a, b, c] = rowsOf(some.out);
    expect([a.score, c.score]).toEqual([expected.scores[0], expected.scores[20]]);
    expect(b.problem).toMatch(/^IMAGE_TRUNCATED: /);
  });
});

describe('what is no model at all', () => {
  it.each([
    ['model/model.json', 'is a file of a model; name its folder, --model model say'],
    [
      'model.safetensors',
      'is a safetensors file, which is for other languages; name the folder that it was exported from, or an .onnx file of `salad-ad export`',
    ],
    [
      'quick.json',
      'is a file but no model; name the folder that `salad-ad fit --out` wrote, or an .onnx file of `salad-ad export`',
    ],
  ])('%s', async (model, said) => {
    expect((await cli('export', '--model', 'model', '--out', 'model.safetensors')).code).toBe(0);
    expect(await cli('score', 'films', '--model', model)).toEqual({
      code: 4,
      out: '',
      err: `salad-ad score: '${model}' ${said}\n`,
    });
  });
});

describe('--false-discoveries', () => {
  it('selects by Benjamini and Hochberg among the whole table, in every shard', async () => {
    const calibrate = ['calibrate', 'films/normal', '--model', 'model', '--out', 'calibrated'];
    expect((await cli(...calibrate)).code).toBe(0);
    const line = ['score', 'films', '--model', 'calibrated', '--false-discoveries', '0.1'];
    const { out, err } = await cli(...line, '--format', 'jsonl');
    const rows = rowsOf(out);
    const sorted = rows.map(({ pValue }) => Number(pValue)).sort((a, b) => a - b);
    // The largest k with p_(k) <= .1 k / m, found by going through all.
    const last = sorted.filter((p, i) => p <= (0.1 * (i + 1)) / sorted.length).at(-1) ?? -1;
    expect(last).toBeGreaterThan(0);
    expect(rows.map(({ selected }) => selected)).toEqual(
      rows.map(({ pValue }) => Number(pValue) <= last),
    );
    expect(err).toMatch(
      /of 80 images are selected; at most 10% of the selected ones are expected to be normal/,
    );
    expect(err).toMatch(/exchangeable/);
    for (const shard of ['1/2', '2/2'])
      expect((await cli(...line, '--out', 'chosen.jsonl', '--shard', shard)).code).toBe(0);
    expect(readFileSync(here('chosen.jsonl'), 'utf8')).toBe(out);
    expect(readdirSync(folder).filter((name) => name.startsWith('chosen.jsonl.'))).toEqual([]);
  });

  it('says what it would take where none can be selected', async () => {
    // Twelve normals give no p-value below 1/13, and one film of sixty would have to reach .1/60.
    const { code, err } = await cli(
      'score',
      'films/normal',
      '--model',
      'model',
      '--false-discoveries',
      '0.1',
    );
    expect(code).toBe(0);
    expect(err).toMatch(/0 of 60 images are selected/);
    expect(err).toMatch(/for any to be selected, \d+ images would need p-values as low as/);
  });
});
