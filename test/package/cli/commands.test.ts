import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { filmsAndModel } from './films.js';
import { eventsOf, run } from './run.js';

const { folder } = filmsAndModel();
const here = (...path: string[]) => join(folder, ...path);
const cli = (...args: string[]) => run(args, { cwd: folder });
const json = (path: string) => JSON.parse(readFileSync(here(path), 'utf8'));

describe('check', () => {
  it('counts classes and patients, and names what cannot be read', async () => {
    const { code, out } = await cli('check', 'films', '--out', 'check.json');
    expect(code).toBe(0);
    expect(out).toContain('80 images: 60 normal, 20 abnormal\n');
    // Two films of each patient.
    expect(out).toContain('patients: 40\n');
    expect(out).toContain('Every image could be read.\n');
    expect(json('check.json').summary.classes).toEqual({ normal: 60, abnormal: 20, unlabelled: 0 });
    writeFileSync(here('films/abnormal/999.dcm'), 'no film');
    const damaged = await cli('check', 'films');
    expect(damaged.code).toBe(5);
    expect(damaged.out).toMatch(/999\.dcm/);
    writeFileSync(here('films/abnormal/999.dcm'), readFileSync(here('films/abnormal/000.dcm')));
  });
});

describe('fit', () => {
  it('holds patients out, not films', async () => {
    const { err } = await cli(
      'fit',
      'films',
      '--out',
      'held',
      '--config',
      'quick.json',
      '--hold-out',
      '0.5',
    );
    expect(eventsOf(err).map(({ message }) => message)).toContain(
      '30 of 60 images are held out to set the threshold',
    );
    expect(err).not.toContain('PATIENTS_UNKNOWN');
  });

  it('learns the same with any number of threads that read, and they name what they cannot read', async () => {
    const line = (out: string, ...args: string[]) =>
      cli('fit', 'damaged', '--out', out, '--config', 'quick.json', ...args);
    cpSync(here('films/normal'), here('damaged'), { recursive: true });
    writeFileSync(
      here('damaged/999.dcm'),
      // Whole up to its pixels, so that its header tells a patient.
      readFileSync(here('damaged/001.dcm')).subarray(0, -700),
    );
    const [one, two] = [await line('one'), await line('two', '--threads', '2')];
    expect([one.code, two.code]).toEqual([0, 0]);
    for (const { err } of [one, two])
      expect(eventsOf(err)).toContainEqual(
        expect.objectContaining({
          event: 'warning',
          message: expect.stringContaining('999.dcm'),
        }),
      );
    const weights = (model: string) => json(`${model}/model.json`).weightsManifest[0].paths;
    expect(weights('two')).toEqual(weights('one'));
  });

  it('goes on after Ctrl-C and is the run that was never interrupted', async () => {
    const long = {
      ...json('quick.json'),
      settings: { ...json('quick.json').settings, pretrainEpochs: 40 },
    };
    writeFileSync(here('long.json'), JSON.stringify(long));
    const line = (out: string) => ['fit', 'films', '--out', out, '--config', 'long.json'];
    expect((await cli(...line('whole'))).code).toBe(0);
    let sent = false;
    const stopped = await run(line('parts'), {
      cwd: folder,
      meanwhile(child, err) {
        if (sent || !err.includes('"progress","what":"epochs"')) return;
        sent = true;
        child.kill('SIGINT');
      },
    });
    expect(stopped.code).toBe(130);
    expect(stopped.err).toMatch(
      /interrupted; \d+ epochs are kept in 'parts.checkpoint'; give the same line with --resume to go on\n$/,
    );
    expect(existsSync(here('parts/model.json'))).toBe(false);
    expect((await cli(...line('parts'), '--resume')).code).toBe(0);
    // The weights are named by their hash.
    const weights = (model: string) => json(`${model}/model.json`).weightsManifest[0].paths;
    expect(weights('parts')).toEqual(weights('whole'));
  });

  it('refuses a configuration that says nothing that it knows', async () => {
    writeFileSync(here('odd.json'), '{ "sise": 64 }');
    const { code, err } = await cli('fit', 'films', '--out', 'odd', '--config', 'odd.json');
    expect(code).toBe(2);
    expect(err).toMatch(
      /^salad-ad fit: 'odd.json' has the option 'sise', [^\n]*did you mean 'size'\?[^\n]*\n$/,
    );
    writeFileSync(here('odd.json'), '{ "settings": { "pretrainEpoch": 3 } }');
    const inner = await cli('fit', 'films', '--out', 'odd', '--config', 'odd.json');
    expect(inner.code).toBe(2);
    expect(inner.err).toMatch(/Did you mean 'pretrainEpochs'\?/);
  });
});

describe('config', () => {
  it('prints a file that every command takes, and that changes nothing', async () => {
    expect((await cli('config', '--out', 'all.json')).code).toBe(0);
    const all = json('all.json');
    expect(all).toMatchObject({ size: 64, settings: { learningRate: 0.002, score: 'both' } });
    writeFileSync(
      here('all.json'),
      JSON.stringify({
        ...all,
        ...json('quick.json'),
        settings: { ...all.settings, ...json('quick.json').settings },
      }),
    );
    expect((await cli('fit', 'films', '--out', 'configured', '--config', 'all.json')).code).toBe(0);
    const weights = (model: string) => json(`${model}/model.json`).weightsManifest[0].paths;
    expect((await cli('fit', 'films', '--out', 'plain', '--config', 'quick.json')).code).toBe(0);
    expect(weights('configured')).toEqual(weights('plain'));
  });
});

describe('inspect, calibrate, evaluate, report', () => {
  it('calibrate sets the threshold that so many normals promise', async () => {
    const { code, out } = await cli(
      'calibrate',
      'films/normal',
      '--model',
      'model',
      '--false-alarms',
      '0.1',
      '--out',
      'calibrated',
    );
    expect(code).toBe(0);
    const rows = await scores('normal-scores.csv', 'films/normal', 'calibrated');
    // The smallest score that at most 10% of 61 (60 and a new one) reach: the sixth from the top.
    const sorted = rows.map(({ score }) => Number(score)).sort((a, b) => b - a);
    const { threshold } = JSON.parse((await cli('inspect', 'calibrated', '--json')).out);
    expect(sorted.filter((score) => score >= threshold.value).length).toBeLessThanOrEqual(6);
    expect(threshold).toMatchObject({ chosenBy: 'falseAlarmRate', normalCount: 60 });
    expect(out).toContain(threshold.value.toFixed(4));
  });

  it('p-values rest on the normals of their group, and the program says so', async () => {
    const groups = ['--group-pattern', '(\\d)\\.dcm'];
    const line = ['calibrate', 'films/normal', '--model', 'model', '--out', 'grouped', ...groups];
    expect((await cli(...line)).code).toBe(0);
    const args = ['score', 'films', '--model', 'grouped', '--format', 'jsonl', ...groups];
    const { code, out, err } = await cli(...args);
    expect(code).toBe(0);
    expect(err).toMatch(/exchangeable/);
    const rows: { file: string; score: number; pValue: number; pValueGroup: string }[] = out
      .trim()
      .split('\n')
      .map((text) => JSON.parse(text));
    for (const { file, score, pValue, pValueGroup } of rows) {
      expect(pValueGroup).toBe(file.at(-5));
      const normals = rows.filter(
        (other) => other.file.includes('/normal/') && other.file.at(-5) === pValueGroup,
      );
      expect(normals).toHaveLength(6);
      const asHigh = normals.filter((other) => other.score >= score).length;
      expect(pValue).toBeCloseTo((1 + asHigh) / 7, 12);
    }
    const odd = await cli('score', 'films', '--model', 'grouped', '--group-pattern', '(');
    expect(odd.code).toBe(2);
    expect(odd.err).toMatch(/^salad-ad score: --group-pattern is no regular expression: [^\n]*\n$/);
  });

  it('evaluate counts pairs, and what the threshold does', async () => {
    const rows = await scores('both.csv', 'films', 'model');
    const of = (label: string) =>
      rows.filter(({ file }) => file.includes(`/${label}/`)).map(({ score }) => Number(score));
    const pairs = of('abnormal').flatMap((high) =>
      of('normal').map((low) => (high > low ? 1 : high === low ? 0.5 : 0)),
    );
    const area = pairs.reduce((sum: number, won) => sum + won, 0) / pairs.length;
    expect(
      (await cli('evaluate', 'both.csv', '--labelled', 'films', '--out', 'result.json')).code,
    ).toBe(0);
    const { areaUnderRoc, confusion } = json('result.json');
    expect(areaUnderRoc.estimate).toBeCloseTo(area, 12);
    const flagged = rows.filter(
      ({ file, abnormal }) => file.includes('/abnormal/') && abnormal === 'true',
    );
    expect(confusion.truePositives).toBe(flagged.length);
  });

  it('report says which packages it needs', async () => {
    await scores('both.csv', 'films', 'model');
    const { code, err } = await cli(
      'report',
      'both.csv',
      '--labelled',
      'films',
      '--out',
      'report.html',
    );
    expect(code).toBe(3);
    expect(err).toMatch(/@observablehq\/plot[^\n]*npm install/);
  });

  it('inspect says what the model is', async () => {
    const { code, out } = await cli('inspect', 'model');
    expect(code).toBe(0);
    expect(out).toMatch(
      /^kind +salad\nnetwork +convAutoencoder, 32 x 32 pixels, grey\nimages +learnt from 48 normal ones\n/,
    );
  });
});

async function scores(out: string, films: string, model: string) {
  expect((await cli('score', films, '--model', model, '--out', out)).code).toBe(0);
  const text = readFileSync(here(out), 'utf8');
  return Papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true }).data;
}
