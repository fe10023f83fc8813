import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject, it } from 'vitest';
import { run } from './run.js';

it('the Quickstart of README runs from the installed package, on the films that demo leaves', async () => {
  const project = inject('project');
  const folder = mkdtempSync(join(project, 'quickstart-'));
  try {
    expect((await run(['demo', '--epochs', '1'], { cwd: folder })).code).toBe(0);
    const [, section] = readFileSync('README.md', 'utf8').split('## Quickstart');
    const [, code] = /```ts\n([\s\S]+?)\n```/.exec(section) ?? [];
    expect(code).toContain("readFileSync('salad-ad-demo/films.npz')");
    // It has no types of its own, so that plain Node runs it. And few epochs, since the default ones take a minute.
    const quick = code.replace(
      'seed: 7',
      'seed: 7, pretrainEpochs: 2, rounds: 1, epochsPerRound: 1',
    );
    expect(quick).not.toBe(code);
    writeFileSync(join(folder, 'quickstart.mjs'), quick);
    const out = execFileSync(process.execPath, ['quickstart.mjs'], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(out).toMatch(/^50 scores, \d+ called abnormal; nearest rows of the first: Int32Array/m);
    expect(existsSync(join(folder, 'chest-model/model.json'))).toBe(true);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
