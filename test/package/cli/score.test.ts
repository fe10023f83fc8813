import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import Papa from 'papaparse';
import { describe, expect, inject, it } from 'vitest';
import { filmsAndModel } from './films.js';
import { eventsOf, run } from './run.js';

const { folder } = filmsAndModel();
const here = (...path: string[]) => join(folder, ...path);
const cli = (...args: string[]) => run(args, { cwd: folder });
const table = (file: string) =>
  Papa.parse<Record<string, string>>(readFileSync(here(file), 'utf8'), {
    header: true,
    skipEmptyLines: true,
  }).data;

describe('score', () => {
  it('gives what a program gives by model.scoreFiles, to the bit', async () => {
    const { code, err } = await cli('score', 'films', '--model', 'model', '--out', 'scores.csv');
    expect(code).toBe(0);
    expect(eventsOf(err).at(-1)).toMatchObject({ event: 'note' });
    const rows = table('scores.csv');
    expect(rows.map(({ file }) => file)).toEqual(
      ['abnormal', 'normal'].flatMap((label) =>
        readdirSync(here('films', label))
          .sort()
          .map((name) => `films/${label}/${name}`),
      ),
    );
    const program = `
      import '@tensorflow/tfjs-backend-wasm';
      import * as tf from '@tensorflow/tfjs-core';
      import { SaladModel } from 'salad-ad';
      import { fileSystem } from 'salad-ad/node';
      import { enableWasmTraining } from 'salad-ad/wasm';
      enableWasmTraining();
      await tf.setBackend('wasm');
      const model = await SaladModel.load(fileSystem(${JSON.stringify(here('model'))}));
      const { scores, abnormal } = await model.scoreFiles(${JSON.stringify(rows.map(({ file }) => here(file)))});
      console.log(JSON.stringify({ scores: [...scores], abnormal }));`;
    const args = ['--input-type=module', '--eval', program];
    const told = JSON.parse(
      execFileSync(process.execPath, args, { cwd: inject('project'), encoding: 'utf8' }),
    );
    expect(rows.map(({ score }) => Number(score))).toEqual(told.scores);
    expect(rows.map(({ abnormal }) => abnormal === 'true')).toEqual(told.abnormal);
  });

  it('takes files, patterns and a list, each file once, in CSV or JSON lines on the standard output', async () => {
    const { code, out } = await run(
      ['score', 'films/normal/00[01].dcm', '--list', '-', '--model', 'model', '--format', 'jsonl'],
      { cwd: folder, input: 'films/normal/001.dcm\nfilms/abnormal/000.dcm\n' },
    );
    expect(code).toBe(0);
    const rows = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rows.map(({ file }) => file)).toEqual([
      'films/normal/000.dcm',
      'films/normal/001.dcm',
      'films/abnormal/000.dcm',
    ]);
    const csv = await cli('score', 'films/normal/000.dcm', '--model', 'model');
    expect(csv.out.split('\n')[1]).toContain(`films/normal/000.dcm,${rows[0].score},`);
  });

  it('tells which file and which model a score is of, by their hashes', async () => {
    const sha256 = (path: string) =>
      createHash('sha256')
        .update(readFileSync(here(path)))
        .digest('hex');
    for (const end of ['csv', 'jsonl']) {
      await cli('score', 'films/normal/000.dcm', '--model', 'model', '--out', `hashes.${end}`);
      const [row] =
        end === 'csv'
          ? table('hashes.csv')
          : [JSON.parse(readFileSync(here('hashes.jsonl'), 'utf8'))];
      expect(row).toMatchObject({
        fileHash: sha256('films/normal/000.dcm'),
        modelHash: sha256('model/model.json'),
      });
      expect(row).not.toHaveProperty('was');
    }
  });

  it('names a file that cannot be read in its row, scores the others, and ends with 5', async () => {
    mkdirSync(here('damaged'), { recursive: true });
    copyFileSync(here('films/normal/000.dcm'), here('damaged/a.dcm'));
    writeFileSync(
      here('damaged/b.dcm'),
      readFileSync(here('films/normal/001.dcm')).subarray(0, 900),
    );
    const { code } = await cli('score', 'damaged', '--model', 'model', '--out', 'damaged.csv');
    expect(code).toBe(5);
    const [whole, cut] = table('damaged.csv');
    expect(whole).toMatchObject({ problem: '' });
    expect(Number(whole.score)).not.toBeNaN();
    expect(cut).toMatchObject({ file: 'damaged/b.dcm', score: '' });
    expect(cut.problem).toMatch(/^IMAGE_TRUNCATED: /);
  });

  it('writes the same table on threads, in shards and after Ctrl-C', async () => {
    // As many files as make several chunks; most are the same film under other names.
    mkdirSync(here('many'), { recursive: true });
    const names = readdirSync(here('films/normal'));
    for (let i = 0; i < 1200; i++)
      copyFileSync(
        here('films/normal', names[i % names.length]),
        here('many', `${String(i).padStart(4, '0')}.dcm`),
      );
    const score = (...args: string[]) => ['score', 'many', '--model', 'model', ...args];
    expect((await cli(...score('--out', 'one.csv', '--threads', '1'))).code).toBe(0);
    const whole = readFileSync(here('one.csv'), 'utf8');

    expect((await cli(...score('--out', 'threads.csv', '--threads', '2'))).code).toBe(0);
    expect(readFileSync(here('threads.csv'), 'utf8')).toBe(whole);

    for (const shard of ['3/3', '1/3']) {
      expect(
        (await cli(...score('--out', 'shards.csv', '--shard', shard, '--threads', '1'))).code,
      ).toBe(0);
      expect(existsSync(here('shards.csv'))).toBe(false);
    }
    expect(
      (await cli(...score('--out', 'shards.csv', '--shard', '2/3', '--threads', '1'))).code,
    ).toBe(0);
    expect(readFileSync(here('shards.csv'), 'utf8')).toBe(whole);
    expect(readdirSync(folder).filter((name) => name.startsWith('shards.csv.'))).toEqual([]);

    let sent = false;
    const stopped = await run(score('--out', 'stopped.csv', '--threads', '1'), {
      cwd: folder,
      meanwhile(child, err) {
        if (sent || !err.includes('"progress"')) return;
        sent = true;
        child.kill('SIGINT');
      },
    });
    expect(stopped.code).toBe(130);
    expect(stopped.err).toMatch(
      /interrupted; \d+ of 1200 files are scored and kept in 'stopped.csv.partial'; give the same line again to go on\n$/,
    );
    expect(existsSync(here('stopped.csv'))).toBe(false);
    const again = await cli(...score('--out', 'stopped.csv', '--threads', '1'));
    expect(again.code).toBe(0);
    expect(again.err).toMatch(/going on after \d+ of 1200 files/);
    expect(readFileSync(here('stopped.csv'), 'utf8')).toBe(whole);
    expect(existsSync(here('stopped.csv.partial'))).toBe(false);
  });

  it('goes on after kill -9 from the last finished chunk, and says how fast it is', async () => {
    const line = ['score', 'many', '--model', 'model', '--threads', '1', '--out', 'killed.csv'];
    let killed = false;
    const { code, err } = await run(line, {
      cwd: folder,
      meanwhile(child, said) {
        if (killed || !said.includes('"progress"')) return;
        killed = true;
        child.kill('SIGKILL');
      },
    });
    expect(code).toBe(null);
    const [{ done, total, secondsLeft, imagesPerSecond }] = eventsOf(err).filter(
      ({ event }) => event === 'progress',
    );
    expect([done, total]).toEqual([256, 1200]);
    // Of the same clock: 944 films are left.
    expect(Number(secondsLeft) * Number(imagesPerSecond)).toBeCloseTo(944, -1);
    const kept = readFileSync(here('killed.csv.partial'), 'utf8').split('{"file"').length - 1;
    expect(kept).toBeGreaterThanOrEqual(256);
    const again = await cli(...line);
    expect(again.code).toBe(0);
    const [, from] = /going on after (\d+) of 1200 files/.exec(again.err) ?? [];
    expect(Number(from)).toBe(kept - (kept % 256));
    expect(readFileSync(here('killed.csv'), 'utf8')).toBe(readFileSync(here('one.csv'), 'utf8'));
  });

  it('ends in order where its reader has enough', () => {
    const bin = join(inject('project'), 'node_modules/.bin/salad-ad');
    const line = `${bin} score films --model model 2>/dev/null | head -1`;
    const options = { cwd: folder, encoding: 'utf8' as const };
    expect(execFileSync('/bin/bash', ['-o', 'pipefail', '-c', line], options)).toMatch(
      /^file,score,/,
    );
  });
});
