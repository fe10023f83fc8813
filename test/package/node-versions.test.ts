import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { writeDicomFilms } from './cli/dicom-films.js';
import { QUICK } from './cli/films.js';
import { entries, specifier } from './entries.js';
import { apart, fitAndScore, loaded, scoresHere } from './fit-and-score.js';
import { projectWith } from './npm.js';

// The packed library in each Node that package.json allows and that is maintained. npm brings those that do not run the tests.
const MAJORS = [20, 22, 24];
const running = Number(process.versions.node.split('.')[0]);
const others = MAJORS.filter((major) => major !== running);
const project = inject('project');
let brought: ReturnType<typeof projectWith>;
let expected: number[];

beforeAll(() => {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const name = `node-${platform}-${process.arch}`;
  brought = projectWith(
    Object.fromEntries(others.map((major) => [`node${major}`, `npm:${name}@${major}`])),
  );
  expected = scoresHere();
});
afterAll(() => brought.remove());

const nodeOf = (major: number): string =>
  major === running ? process.execPath : join(brought.folder, `node_modules/node${major}/bin/node`);

describe.each(MAJORS)('Node %s', (major) => {
  const run = (args: string[], cwd = project) =>
    execFileSync(nodeOf(major), args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

  it('is what it is called', () => {
    expect(run(['--version'])).toMatch(new RegExp(`^v${major}\\.`));
  });

  it.each([
    ['module', 'await import'],
    ['commonjs', 'require'],
  ])('loads every entry, fits and scores, as %s', (type, load) => {
    const script = `
      (async () => {
        ${loaded(load, 'wasm')}
        (${load}('salad-ad/wasm')).enableWasmTraining();
        const names = [${entries.map((entry) => `${load}('${specifier(entry)}')`)}].map((all) => Object.keys(all).length);
        ${fitAndScore}
        console.log(JSON.stringify({ names, scores: await fitAndScore(tf, library) }));
      })();`;
    const printed = run([`--input-type=${type}`, '--eval', script])
      .trim()
      .split('\n')
      .at(-1);
    const { names, scores } = JSON.parse(printed as string);
    expect(names).toHaveLength(entries.length);
    expect(Math.min(...names)).toBeGreaterThan(0);
    // wasm beside cpu, after two epochs of training.
    expect(apart(scores, expected)).toBeLessThan(1e-3);
  });

  it('runs the command: fit and score of DICOM files', () => {
    const folder = mkdtempSync(join(tmpdir(), 'salad-ad-node-'));
    const program = join(project, 'node_modules/salad-ad/dist/cli.js');
    try {
      writeDicomFilms(join(folder, 'films'), { normal: 30, abnormal: 4 });
      writeFileSync(join(folder, 'quick.json'), JSON.stringify(QUICK));
      run([program, 'fit', 'films', '--out', 'model', '--config', 'quick.json'], folder);
      run([program, 'score', 'films', '--model', 'model', '--out', 'scores.csv'], folder);
      const lines = readFileSync(join(folder, 'scores.csv'), 'utf8').trim().split('\n');
      expect(lines).toHaveLength(1 + 34);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
