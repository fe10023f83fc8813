import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { apart, fitAndScore, scoresHere } from './fit-and-score.js';
import { globalProgram } from './npm.js';

// The packed library in a notebook: the converter and the executor of tslab, installed for all projects as its page says,
// without Jupyter around them.
let notebook: ReturnType<typeof globalProgram>;
beforeAll(() => {
  notebook = globalProgram('tslab', '1.0.22');
});
afterAll(() => notebook.remove());

/** What the last line of each cell came to; a cell that fails says why. */
function runCells(cells: readonly string[]): string[] {
  const program = `
    const { createConverter } = require(${JSON.stringify(join(notebook.folder, 'dist/converter'))});
    const { createExecutor } = require(${JSON.stringify(join(notebook.folder, 'dist/executor'))});
    (async () => {
      const printed = [];
      let lines = [];
      const keep = (...words) => lines.push(words.map((word) => word?.message ?? String(word)).join(' '));
      const node = createConverter({ isJS: false, isBrowser: false });
      const executor = createExecutor(process.cwd(), { node }, { log: keep, error: keep });
      for (const cell of ${JSON.stringify(cells)}) {
        lines = [];
        await executor.execute(cell);
        printed.push(lines.join('\\n'));
      }
      console.log(JSON.stringify(printed));
      process.exit(0);
    })();`;
  const printed = execFileSync(process.execPath, ['--eval', program], {
    cwd: inject('project'),
    encoding: 'utf8',
  });
  return JSON.parse(printed.trim().split('\n').at(-1) as string);
}

it('a notebook of tslab imports by name, with types, fits and scores', () => {
  const [imports, area, scores, mistake] = runCells([
    `import '@tensorflow/tfjs-backend-cpu';
     import * as tf from '@tensorflow/tfjs-core';
     import * as library from 'salad-ad';
     import { areaUnderRoc } from 'salad-ad/metrics';`,
    'areaUnderRoc([1, 2, 3], [0, 1, 1])',
    `${fitAndScore.replace('(tf, { arraySource, SaladModel })', '(tf: any, { arraySource, SaladModel }: any)')}
     JSON.stringify(await fitAndScore(tf, library))`,
    "areaUnderRoc('no scores', [0, 1]);",
  ]);
  expect(imports).toBe('');
  expect(area).toBe('1');
  expect(apart(JSON.parse(scores), scoresHere())).toBeLessThan(1e-5);
  // Its TypeScript reads our declarations: what does not fit them does not run.
  expect(mistake).toMatch(/not assignable to parameter/);
});
