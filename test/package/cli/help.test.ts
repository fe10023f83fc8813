import { describe, expect, it } from 'vitest';
import packageJson from '../../../package.json' with { type: 'json' };
import { run } from './run.js';

const COMMANDS =
  'doctor demo check fit calibrate score evaluate watch explain report export inspect config'.split(
    ' ',
  );

describe('the installed program', () => {
  it('says its version', async () => {
    expect(await run(['--version'])).toEqual({ code: 0, out: `${packageJson.version}\n`, err: '' });
  });

  it('lists every command, and ends with 2 where none is given', async () => {
    const { code, out, err } = await run(['--help']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    for (const name of COMMANDS) expect(out).toMatch(new RegExp(`^  ${name} +\\w`, 'm'));
    expect((await run([])).code).toBe(2);
  });

  it.each(COMMANDS)('%s --help teaches by examples, and loads nothing heavy', async (name) => {
    const { code, out, err } = await run([name, '--help']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(new RegExp(`Examples:\n  salad-ad ${name}`));
    expect(out).toMatch(/Options:\n/);
    const columns = out.split('\n').map((line) => line.length);
    expect(Math.max(...columns)).toBeLessThanOrEqual(130);
  });
});

describe('a wrong line is one sentence with the remedy, and ends with 2', () => {
  it.each([
    [
      ['scoer'],
      "salad-ad: there is no command 'scoer'; did you mean 'score'? `salad-ad --help` lists all\n",
    ],
    [
      ['score', 'a.png', '--modle', 'm'],
      'salad-ad score: there is no option --modle; did you mean --model? `salad-ad score --help` shows all\n',
    ],
    [
      ['--hlep'],
      "salad-ad: there is no command '--hlep'; did you mean 'help'? `salad-ad --help` lists all\n",
    ],
    [
      ['help', 'scoer'],
      "salad-ad: there is no command 'scoer'; did you mean 'score'? `salad-ad --help` lists all\n",
    ],
    [
      ['--model', 'm', 'score', 'a.png'],
      "salad-ad: '--model' stands before the command; write `salad-ad COMMAND --model`; `salad-ad --help` lists all\n",
    ],
    [
      ['score', '-a.png', '--model', 'm'],
      "salad-ad score: there is no option -a; see `salad-ad score --help`; a file whose name begins with '-' is written ./-name\n",
    ],
    [
      ['doctor', 'films'],
      "salad-ad doctor: 'films' is too much, since `salad-ad doctor` takes options alone; leave it out\n",
    ],
    [
      ['evaluate', 'a.csv', 'b.csv', '--labelled', 'films'],
      "salad-ad evaluate: there are 2 paths ('a.csv' and 'b.csv') but `salad-ad evaluate` takes one; put a path with spaces between quotes, and several folders into one\n",
    ],
    [
      ['score', 'a.png', '--model', 'm', '--false-discoveries', '1'],
      'salad-ad score: --false-discoveries is "1"; expected a number from 0.0001 to 0.9999\n',
    ],
    [
      ['score', 'a.png'],
      'salad-ad score: no model is named; add --model FOLDER, as `salad-ad fit` wrote it\n',
    ],
    [
      ['fit', 'films', '--out', 'm', '--size', 'large'],
      'salad-ad fit: --size is "large"; expected a whole number of at least 8\n',
    ],
    [['fit', 'films', '--out'], 'salad-ad fit: --out has no value; expected FOLDER\n'],
    [
      ['fit', 'films'],
      'salad-ad fit: --out is missing; name the folder that the model is written to\n',
    ],
    [
      ['score', 'a.png', '--backend', 'cuda'],
      'salad-ad score: --backend is "cuda"; expected tensorflow or wasm or cpu\n',
    ],
    [
      ['score', 'a.png', '--shard', '4/3', '--out', 's.csv'],
      "salad-ad score: --shard is '4/3'; expected 1/3, 2/3 and 3/3 for three machines, say\n",
    ],
    [
      ['score', 'a.png', '--out', 'scores.txt'],
      "salad-ad score: --out 'scores.txt' has no ending that says how to write it; expected .csv, .jsonl or .parquet, or add --format\n",
    ],
  ])('%s', async (args, err) => {
    expect(await run(args)).toEqual({ code: 2, out: '', err });
  });
});
