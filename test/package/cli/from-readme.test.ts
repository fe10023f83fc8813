import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Papa from 'papaparse';
import { expect, inject, it } from 'vitest';
import { writeDicomFilms } from './dicom-films.js';
import { QUICK } from './films.js';

const SECTION = '## From an empty folder to scores';

it('five commands of README go from an empty folder to a scored folder of DICOM files', () => {
  const readme = readFileSync('README.md', 'utf8').split(SECTION)[1];
  const lines = /```sh\n([\s\S]+?)\n```/.exec(readme)![1].split('\n');
  expect(lines).toHaveLength(5);
  const project = inject('project');
  const tarball = join(project, readdirSync(project).find((name) => name.endsWith('.tgz'))!);
  const folder = mkdtempSync(join(tmpdir(), 'salad-ad-readme-'));
  try {
    mkdirSync(join(folder, 'films'));
    writeDicomFilms(join(folder, 'films'), { normal: 40, abnormal: 0 });
    writeDicomFilms(join(folder, 'new-films'), { normal: 6, abnormal: 6, first: 200 });
    writeFileSync(join(folder, 'quick.json'), JSON.stringify({ settings: QUICK.settings }));
    const results = lines.map((line) => {
      // The tarball stands in for the package of this name; all else is installed as the line says.
      // And fewer epochs, since the default ones take minutes.
      const command = line
        .replace(/^npx salad-ad fit .*/, '$& --config quick.json')
        .replace(
          'npm install salad-ad ',
          `npm install --prefer-offline --no-audit --no-fund ${tarball} `,
        );
      return execFileSync('/bin/bash', ['-c', command], {
        cwd: folder,
        encoding: 'utf8',
        stdio: 'pipe',
      });
    });
    expect(results[1]).toContain('backend: wasm\n');
    expect(results[2]).toContain('40 images: 40 normal\n');
    const rows = Papa.parse<Record<string, string>>(
      readFileSync(join(folder, 'scores.csv'), 'utf8'),
      {
        header: true,
        skipEmptyLines: true,
      },
    ).data;
    expect(rows).toHaveLength(12);
    expect(rows.every(({ problem, score }) => problem === '' && score !== '')).toBe(true);
    // Blobs are seen, or the commands learnt nothing.
    const of = (label: string) =>
      rows.filter(({ file }) => file.includes(`/${label}/`)).map(({ score }) => Number(score));
    expect(Math.min(...of('abnormal'))).toBeGreaterThan(Math.max(...of('normal')));
  } finally {
    rmSync(folder, { recursive: true });
  }
});
