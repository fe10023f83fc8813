import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import Papa from 'papaparse';
import { describe, expect, inject, it } from 'vitest';
import { filmsAndModel } from './films.js';
import { program, run } from './run.js';

const { folder } = filmsAndModel();
const here = (...path: string[]) => join(folder, ...path);
const cli = (...args: string[]) => run(args, { cwd: folder });
const film = () => here('films/normal/000.dcm');

describe('names of files', () => {
  it('with commas, quotes, line breaks, dashes and formulas stay what they are in a table, and start no formula', async () => {
    mkdirSync(here('odd'));
    const names = [
      'a,b',
      'a"q',
      'new\nline',
      '=cmd|calc',
      '+1',
      '@x',
      '-dash',
      'C:\\x\\y',
      'ü €',
      '[a]',
      ' lead',
    ];
    for (const name of names) copyFileSync(film(), here('odd', `${name}.dcm`));
    const odd = here('odd');
    const out = here('odd.csv');
    const found = await run(
      [
        'score',
        '--model',
        here('model'),
        '--out',
        out,
        '--',
        ...names.map((name) => `${name}.dcm`),
      ],
      { cwd: odd },
    );
    expect(found.code).toBe(0);
    const text = readFileSync(out, 'utf8');
    const { data } = Papa.parse<Record<string, string>>(text, {
      header: true,
      skipEmptyLines: true,
    });
    expect(data.map(({ file }) => file.replace(/^\.\//, ''))).toEqual(
      names.map((name) => `${name}.dcm`),
    );
    for (const { file, score } of data) {
      expect(file).not.toMatch(/^[=+@\t\r-]/);
      expect(existsSync(join(odd, file))).toBe(true);
      expect(score).toBe(data[0].score);
    }
    const listed = await run(['score', '--model', here('model'), '--list', '-', '--quiet'], {
      cwd: odd,
      input: ' lead.dcm\r\n\n=cmd|calc.dcm\n',
    });
    const [, first, second] = Papa.parse<string[]>(listed.out).data;
    expect([first[0], second[0]]).toEqual([' lead.dcm', './=cmd|calc.dcm']);
  });

  it('a folder that a link leads to is looked through, also where links go in a circle', async () => {
    mkdirSync(here('linked'));
    symlinkSync(here('films/abnormal'), here('linked/more'));
    symlinkSync(here('linked'), here('linked/circle'));
    const { code, out } = await cli('score', 'linked', '--model', 'model', '--quiet');
    expect(code).toBe(0);
    expect(out.trim().split('\n')).toHaveLength(21);
  });
});

describe('lists', () => {
  const list = (name: string, text: string) => writeFileSync(here(name), text);

  it.each([
    ['absolute paths', () => `path,label\n${film()},0\n`],
    [
      'paths that lead out of the folder of the list',
      () => 'path,label\n../films/normal/000.dcm,0\n',
    ],
    [
      'semicolons, a byte order mark and CRLF',
      () => '\uFEFFpath;label\r\n../films/normal/000.dcm;0\r\n',
    ],
    ['tabs', () => 'path\tlabel\n../films/normal/000.dcm\t0\n'],
  ])('%s', async (_, text) => {
    mkdirSync(here('lists'), { recursive: true });
    list('lists/films.csv', text());
    const { code, out } = await cli('check', 'lists/films.csv');
    expect(code).toBe(0);
    expect(out).toMatch(/^1 image in the list\npatients: 1\nEvery image could be read\./);
  });

  it.each([
    [
      'nothing',
      '',
      "the list 'l.csv' is empty; expected a first line that names the columns, such as path,label",
    ],
    ['no line', 'path,label\n', "the list 'l.csv' names no images; expected a line for each"],
    [
      'a film twice',
      'path\nfilms/normal/000.dcm\nfilms/normal/000.dcm\n',
      "line 3, column 'path', has the path of line 2; expected each image once; correct the list. [INVALID_RECORDS]",
    ],
  ])('%s ends with 4', async (_, text, said) => {
    list('l.csv', text);
    expect(await cli('check', 'l.csv')).toEqual({
      code: 4,
      out: '',
      err: `salad-ad check: ${said}\n`,
    });
  });

  it('DICOM files say their patients also beside files of other kinds', async () => {
    mkdirSync(here('mixed'));
    copyFileSync(film(), here('mixed/b.dcm'));
    copyFileSync(here('films/normal/002.dcm'), here('mixed/c'));
    const png =
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==';
    writeFileSync(here('mixed/a.png'), Buffer.from(png, 'base64'));
    const { err } = await cli('check', 'mixed', '--headers');
    expect(err).toMatch(/1 of 3 images do not say their patient/);
  });

  it('too few films to hold some out are told as such', async () => {
    list('one.csv', 'path,label\nfilms/normal/000.dcm,0\n');
    const { code, err } = await cli('fit', 'one.csv', '--out', 'few');
    expect(code).toBe(4);
    expect(err).toMatch(
      /1 image cannot both teach and set a threshold: 1 would teach and 0 set it; [^\n]*--hold-out 0 for no threshold\n$/,
    );
  });
});

describe('places that cannot be written are told before any work', () => {
  const refused = async (args: readonly string[], said: RegExp) => {
    const { code, out, err } = await cli(...args);
    expect({ code, out }).toEqual({ code: 4, out: '' });
    expect(err).toMatch(said);
  };

  it('a folder in place of a file, for every command that writes one', async () => {
    mkdirSync(here('taken.csv'), { recursive: true });
    mkdirSync(here('taken.onnx'), { recursive: true });
    const folderSaid = /^salad-ad \w+: 'taken\.\w+' is a folder; name a file[^\n]*\n$/;
    await refused(['score', 'films', '--model', 'model', '--out', 'taken.csv'], folderSaid);
    await refused(['check', 'films', '--out', 'taken.csv'], folderSaid);
    await refused(['evaluate', 'any.csv', '--labelled', 'films', '--out', 'taken.csv'], folderSaid);
    await refused(['report', 'any.csv', '--labelled', 'films', '--out', 'taken.csv'], folderSaid);
    await refused(['export', '--model', 'model', '--out', 'taken.onnx'], folderSaid);
  });

  it('a file in place of a folder', async () => {
    writeFileSync(here('file'), '');
    const said = /^salad-ad \w+: 'file' is a file; name a folder\n$/;
    await refused(['fit', 'films', '--out', 'file'], said);
    await refused(['calibrate', 'films', '--model', 'model', '--out', 'file'], said);
    await refused(['explain', 'films', '--model', 'model', '--out', 'file'], said);
    await refused(['demo', '--out', 'file'], said);
    await refused(
      ['score', 'films', '--model', 'model', '--out', 'file/x.csv'],
      /'file\/x\.csv' cannot be written: '[^']*file' is a file; name another place\n$/,
    );
  });

  it('a device is never replaced by a file', async () => {
    await refused(
      ['score', 'films', '--model', 'model', '--out', '/dev/null', '--format', 'csv'],
      /'\/dev\/null' is no file but a device or a pipe; name a file\n$/,
    );
  });

  it('a model does not go among the films', async () => {
    const { code, err } = await cli('fit', 'films', '--out', 'films');
    expect(code).toBe(2);
    expect(err).toBe(
      "salad-ad fit: the folder 'films' holds other files ('abnormal' say); name a folder for the model that is new or empty\n",
    );
  });
});

describe('runs that end early', () => {
  const many = () => {
    if (existsSync(here('many'))) return;
    mkdirSync(here('many'));
    const names = readdirSync(here('films/normal'));
    for (let i = 0; i < 1200; i++)
      copyFileSync(
        here('films/normal', names[i % names.length]),
        here('many', `${String(i).padStart(4, '0')}.dcm`),
      );
  };
  const score = (out: string) => [
    'score',
    'many',
    '--model',
    'model',
    '--threads',
    '1',
    '--out',
    out,
  ];
  const untilKept = (child: ChildProcess, path: string, lines: number) =>
    new Promise<void>((resolve) => {
      const look = setInterval(() => {
        const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
        if (text.split('\n').length <= lines && child.exitCode === null) return;
        clearInterval(look);
        resolve();
      }, 10);
    });

  it('a second run into the same file is refused; after kill -9 and a line that was cut it goes on with the same bytes', async () => {
    many();
    expect((await cli(...score('whole.csv'))).code).toBe(0);
    const child = spawn(program(), score('killed.csv'), { cwd: folder, stdio: 'ignore' });
    await untilKept(child, here('killed.csv.partial'), 300);
    expect(child.exitCode).toBe(null);
    const second = await cli(...score('killed.csv'));
    expect(second.code).toBe(6);
    expect(second.err).toMatch(
      /^salad-ad score: another run writes to 'killed\.csv' \(process \d+ on [^)]+\); wait for its end[^\n]*\n$/,
    );
    child.kill('SIGKILL');
    await new Promise((resolve) => child.on('close', resolve));
    const partial = here('killed.csv.partial');
    truncateSync(partial, readFileSync(partial).length - 37);
    const again = await cli(...score('killed.csv'));
    expect(again.code).toBe(0);
    const [, before] = /going on after (\d+) of 1200 files/.exec(again.err) ?? [];
    // Whole chunks of 256, for the others to be scored in the batches of the first run.
    expect(Number(before)).toBeGreaterThanOrEqual(256);
    expect(Number(before) % 256).toBe(0);
    expect(readFileSync(here('killed.csv'))).toEqual(readFileSync(here('whole.csv')));
    expect(readdirSync(folder).filter((name) => name.startsWith('killed.csv.'))).toEqual([]);
  });

  it('a scheduler that ends a job is heard as Ctrl-C is', async () => {
    many();
    let sent = false;
    const { code, err } = await run(score('ended.csv'), {
      cwd: folder,
      meanwhile(child, said) {
        if (sent || !said.includes('"progress"')) return;
        sent = true;
        child.kill('SIGTERM');
      },
    });
    expect(code).toBe(130);
    expect(err).toMatch(
      /interrupted; \d+ of 1200 files are scored and kept in 'ended\.csv\.partial'; give the same line again to go on\n$/,
    );
    expect(existsSync(here('ended.csv.lock'))).toBe(false);
  });

  it('a reader that has enough ends nothing that has another result', () => {
    const bin = join(inject('project'), 'node_modules/.bin/salad-ad');
    const line = `${bin} check films --out checked.json 2>/dev/null | head -1; ${bin} fit films --out unheard --config quick.json 2>&1 | head -1`;
    execFileSync('/bin/bash', ['-c', line], { cwd: folder });
    expect(JSON.parse(readFileSync(here('checked.json'), 'utf8')).summary.classes.normal).toBe(60);
    expect(existsSync(here('unheard/model.json'))).toBe(true);
  });
});
