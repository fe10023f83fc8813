import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { filmsAndModel } from './films.js';
import { run } from './run.js';

const { folder } = filmsAndModel();
const cli = (...args: string[]) => run(args, { cwd: folder });

describe('files that are not what they should be end with 4, in one sentence', () => {
  it('a folder that is not there', async () => {
    expect(await cli('score', 'nowhere', '--model', 'model')).toEqual({
      code: 4,
      out: '',
      err: "salad-ad score: 'nowhere' cannot be read: there is no such file or folder; give a file or folder that exists\n",
    });
  });

  it.skipIf(process.getuid?.() === 0)(
    'a folder that may not be read (skipped for root, who may read all)',
    async () => {
      mkdirSync(join(folder, 'closed'));
      chmodSync(join(folder, 'closed'), 0);
      const { code, err } = await cli('score', 'closed', '--model', 'model');
      expect({ code, err }).toEqual({
        code: 4,
        err: "salad-ad score: the folder 'closed' cannot be read: permission is denied; let your user read it, or name the files\n",
      });
    },
  );

  it('a picture in place of a list', async () => {
    expect(await cli('check', 'films/normal/000.dcm')).toEqual({
      code: 4,
      out: '',
      err: "salad-ad check: 'films/normal/000.dcm' is no list; give a folder of images, or a CSV list whose first line names the columns\n",
    });
  });

  it('a folder that is no model', async () => {
    const { code, err } = await cli('score', 'films', '--model', 'films');
    expect(code).toBe(4);
    expect(err).toBe(
      "salad-ad score: 'films' is not a trained model (its model.json cannot be read: ENOENT); name the folder that `salad-ad fit --out` wrote\n",
    );
  });

  it('a model whose weights were cut', async () => {
    cpSync(join(folder, 'model'), join(folder, 'cut'), { recursive: true });
    const model = JSON.parse(readFileSync(join(folder, 'cut/model.json'), 'utf8'));
    const weights = join(folder, 'cut', model.weightsManifest[0].paths[0]);
    writeFileSync(weights, readFileSync(weights).subarray(0, 1000));
    const { code, err } = await cli('score', 'films', '--model', 'cut');
    expect(code).toBe(4);
    expect(err).toMatch(
      /^salad-ad score: the weights in 'cut' are 1000 bytes; [^\n]* \[TRUNCATED_MODEL\]\n$/,
    );
  });

  it('a model that is there already is not written over', async () => {
    const { code, err } = await cli('fit', 'films', '--out', 'model');
    expect(code).toBe(4);
    expect(err).toMatch(
      /there is a model in 'model' already; name another folder with --out, or add --replace\n$/,
    );
  });
});

describe('a package that is missing ends with 3, and the sentence has the line that installs it', () => {
  it('sharp, for PNG files', async () => {
    mkdirSync(join(folder, 'png'), { recursive: true });
    const png =
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==';
    writeFileSync(join(folder, 'png/a.png'), Buffer.from(png, 'base64'));
    const { code, err } = await cli('score', 'png', '--model', 'model');
    expect(code).toBe(3);
    expect(err).toMatch(/^salad-ad score: [^\n]*'sharp'[^\n]*`npm install sharp`[^\n]*\n$/);
  });

  it('hyparquet-writer, before anything is scored', async () => {
    const { code, err } = await cli(
      'score',
      'films',
      '--model',
      'model',
      '--out',
      'scores.parquet',
    );
    expect(code).toBe(3);
    expect(err).toBe(
      'salad-ad score: a Parquet file needs the optional packages hyparquet and hyparquet-writer; run `npm install hyparquet hyparquet-writer`, or name a .csv or .jsonl file\n',
    );
  });

  it('TensorFlow.js itself', async () => {
    const bare = mkdtempSync(join(tmpdir(), 'salad-ad-bare-'));
    const own = join(inject('project'), 'node_modules');
    for (const name of [
      'salad-ad',
      '.bin/salad-ad',
      'fflate',
      'npyjs',
      'papaparse',
      'tinyglobby',
      'fdir',
      'picomatch',
    ])
      cpSync(join(own, name), join(bare, 'node_modules', name), {
        recursive: true,
        verbatimSymlinks: true,
      });
    const score = await run(['score', 'films', '--model', 'model'], { cwd: folder, project: bare });
    expect(score.code).toBe(3);
    expect(score.err).toMatch(
      /^salad-ad score: the package '@tensorflow\/tfjs-[a-z]+' is not installed [^\n]*`npm install @tensorflow\/tfjs-core @tensorflow\/tfjs-layers @tensorflow\/tfjs-backend-wasm`[^\n]*\n$/,
    );
    const doctor = await run(['doctor'], { project: bare });
    expect(doctor.code).toBe(3);
    expect(doctor.out).toContain(
      'install this first: npm install @tensorflow/tfjs-core @tensorflow/tfjs-layers @tensorflow/tfjs-backend-wasm\n',
    );
    expect((await run(['--help'], { project: bare })).code).toBe(0);
  });
});
