import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as ort from 'onnxruntime-node';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { filmsAndModel } from './films.js';
import { run } from './run.js';

// The program that was built for the tarball, run from the repository, whose tools include every optional package.
const { folder } = filmsAndModel();
const here = (...path: string[]) => join(folder, ...path);
const cli = (...args: string[]) =>
  run([resolve('dist/cli.js'), ...args], { cwd: folder, program: process.execPath });

describe('with every optional package', () => {
  it('Parquet holds what CSV holds, and evaluate reads either', async () => {
    for (const table of ['scores.csv', 'scores.parquet', 'scores.jsonl']) {
      expect((await cli('score', 'films', '--model', 'model', '--out', table)).code).toBe(0);
      const { code } = await cli(
        'evaluate',
        table,
        '--labelled',
        'films',
        '--out',
        `${table}.json`,
      );
      expect(code).toBe(0);
    }
    const result = (table: string) => JSON.parse(readFileSync(here(`${table}.json`), 'utf8'));
    expect(result('scores.parquet')).toEqual(result('scores.csv'));
    expect(result('scores.jsonl')).toEqual(result('scores.csv'));
    expect(readFileSync(here('scores.parquet')).subarray(0, 4).toString()).toBe('PAR1');
  });

  it('explain writes a picture of each film, as large as can be looked at', async () => {
    const { code } = await cli(
      'explain',
      'films/abnormal/000.dcm',
      'films/normal/000.dcm',
      '--model',
      'model',
      '--out',
      'maps',
    );
    expect(code).toBe(0);
    const abnormal = await sharp(here('maps/films__abnormal__000.dcm.png')).metadata();
    expect(abnormal).toMatchObject({ width: 512, height: 512, channels: 3 });
    expect(existsSync(here('maps/films__normal__000.dcm.png'))).toBe(true);
  });

  it('report writes a page with curves and films, with numbers in place of names where asked', async () => {
    expect((await cli('score', 'films', '--model', 'model', '--out', 'scores.csv')).code).toBe(0);
    const report = (...args: string[]) =>
      cli(
        'report',
        'scores.csv',
        '--labelled',
        'films',
        '--model',
        'model',
        '--pictures',
        '2',
        ...args,
      );
    expect((await report('--out', 'named.html')).code).toBe(0);
    expect((await report('--out', 'anonymous.html', '--anonymous')).code).toBe(0);
    const page = (name: string) => readFileSync(here(name), 'utf8');
    expect(page('named.html')).toContain('Most anomalous');
    expect(page('named.html')).toMatch(/abnormal\/\d+\.dcm/);
    expect(page('anonymous.html')).not.toMatch(/abnormal\/\d+\.dcm/);
    expect(page('anonymous.html')).toContain('film 1');
  });

  it('scores PNG files by sharp', async () => {
    mkdirSync(here('png'), { recursive: true });
    const pixels = Uint8Array.from({ length: 40 * 30 }, (_, i) => (i * 7919) % 251);
    await sharp(pixels, { raw: { width: 40, height: 30, channels: 1 } })
      .png()
      .toFile(here('png/a.png'));
    const { code, out } = await cli('score', 'png', '--model', 'model');
    expect(code).toBe(0);
    expect(Number(out.split('\n')[1].split(',')[1])).not.toBeNaN();
  });

  it('export writes an .onnx file that scores as the table does, and a .safetensors file with the same bank', async () => {
    const pixels = Array.from({ length: 5 }, (_, film) =>
      Uint8Array.from({ length: 40 * 30 }, (_, i) => ((i + film) * 7919 * (film + 1)) % 251),
    );
    mkdirSync(here('export'), { recursive: true });
    for (const [i, film] of pixels.entries())
      await sharp(film, { raw: { width: 40, height: 30, channels: 1 } })
        .png()
        .toFile(here(`export/${i}.png`));
    const { out } = await cli('score', 'export', '--model', 'model', '--format', 'jsonl');
    const rows = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));

    expect((await cli('export', '--model', 'model', '--out', 'model.onnx')).code).toBe(0);
    const session = await ort.InferenceSession.create(here('model.onnx'));
    const images = Float32Array.from(pixels.flatMap((film) => [...film]));
    const found = await session.run({
      images: new ort.Tensor('float32', images, [5, 30, 40, 1]),
      maxValue: new ort.Tensor('float32', [255], [1]),
    });
    // A score is a sum in standard deviations, which may be tens of them.
    for (const [name, column] of Object.entries({
      score: 'score',
      pValue: 'pValue',
      relative: 'relative',
    }))
      for (const [i, value] of Array.from(found[name].data as Float32Array).entries())
        expect(Math.abs(value - rows[i][column])).toBeLessThan(
          1e-5 * Math.max(1, Math.abs(rows[i][column])),
        );
    expect(Array.from(found.verdict.data as BigInt64Array, Number)).toEqual(
      rows.map(({ abnormal }) => Number(abnormal)),
    );

    expect((await cli('export', '--model', 'model', '--out', 'model.safetensors')).code).toBe(0);
    const file = readFileSync(here('model.safetensors'));
    const header = JSON.parse(file.subarray(8, 8 + Number(file.readBigUInt64LE())).toString());
    // 48 normal films taught: a fifth of 60 is held out.
    expect(header.bank).toMatchObject({ dtype: 'F32', shape: [48, 200] });
    const odd = await cli('export', '--model', 'model', '--out', 'model.pb');
    expect(odd.code).toBe(2);
    expect(odd.err).toBe(
      'salad-ad export: --out is no file of a known kind; expected model.onnx or model.safetensors\n',
    );
  });

  it('fit, score and threads take a pretrained encoder', async () => {
    const fit = await cli(
      'fit',
      'films',
      '--out',
      'lite',
      '--encoder',
      'efficientNetLite0',
      '--size',
      '32',
    );
    expect(fit.code).toBe(0);
    const { writeFileSync } = await import('node:fs');
    // Enough files for threads; a file counts once under one name.
    const many = Array.from(
      { length: 300 },
      (_, i) =>
        `${'./'.repeat(Math.floor(i / 60))}films/normal/${String(i % 60).padStart(3, '0')}.dcm`,
    );
    writeFileSync(here('many.txt'), many.join('\n'));
    const score = (threads: string) =>
      cli('score', '--list', 'many.txt', '--model', 'lite', '--threads', threads, '--quiet');
    const [one, two] = [await score('1'), await score('2')];
    expect([one.code, two.code]).toEqual([0, 0]);
    expect(one.out.trim().split('\n')).toHaveLength(301);
    expect(two.out).toBe(one.out);
  });
});
