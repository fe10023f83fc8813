import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Missing } from '../../benchmarks/speed/contestant.js';
import { measureInTurn } from '../../benchmarks/speed/measure.js';
import type { Report } from '../../benchmarks/speed/report.js';
import { judge, type Result } from '../../benchmarks/speed/results.js';
import { resultTable } from '../../benchmarks/speed/table.js';

const measured = (best: number, median: number) => ({ best, median, count: 3, facts: {} });
const place = { row: 'a', size: 64, backend: 'wasm', contestants: {}, ratios: [] };
const ratio = { row: 'a', what: 'step / forward', ours: 'step', against: 'forward' };

describe('judge', () => {
  const outcomes = { step: measured(300, 360), forward: measured(100, 90) };

  it('divides the best by the best and the median by the median', () => {
    expect(judge(place, ratio, outcomes)).toMatchObject({ ratio: 3, medianRatio: 4, unit: 'ms' });
    expect(judge(place, ratio, outcomes).target).toBeUndefined();
  });

  it('holds the target against the best, the bound itself included', () => {
    expect(judge(place, { ...ratio, atMost: 3 }, outcomes)).toMatchObject({ reached: true });
    expect(judge(place, { ...ratio, atMost: 2.9 }, outcomes)).toMatchObject({ reached: false });
    expect(judge(place, { ...ratio, atLeast: 3.1 }, outcomes)).toMatchObject({ reached: false });
  });

  it('turns times into throughputs where the work is counted', () => {
    const result = judge({ ...place, work: 16, unit: 'images/s' }, ratio, outcomes);
    expect(result.against).toMatchObject({ best: 160 });
    expect(result.ratio).toBeCloseTo(1 / 3);
  });

  it('skips a ratio by the name of what is missing, with the remedy', () => {
    const { skipped } = judge(place, ratio, { ...outcomes, forward: new Missing('X', 'get X') });
    expect(skipped).toBe('X is missing; get X');
  });
});

describe('measureInTurn', () => {
  /** Answers 3, 1, 2, 3, ... */
  const counting = `
    let n = 0;
    const say = (line) => console.log('@speed ' + JSON.stringify(line));
    say({ ready: true, versions: { counting: '1' } });
    require('node:readline').createInterface({ input: process.stdin })
      .on('line', () => say({ value: [3, 1, 2][n++ % 3] }));`;
  const program = (text: string) => ({ command: [process.execPath, '-e', text] });
  const effort = { rounds: 3, mostRounds: 3, seconds: 0, warmUpSeconds: 0 };

  it('takes best and median of the rounds, the warm-up left out', async () => {
    const contestants = { one: program(counting), two: program(counting) };
    const outcomes = await measureInTurn({ contestants }, effort);
    // After one run of warm-up: 1, 2, 3.
    const expected = { best: 1, median: 2, count: 3, facts: { versions: { counting: '1' } } };
    expect(outcomes).toMatchObject({ one: expected, two: expected });
  });

  it('measures once, and without warm-up, what is to be measured once', async () => {
    const { one } = await measureInTurn(
      { contestants: { one: program(counting) }, once: true },
      effort,
    );
    expect(one).toMatchObject({ best: 3, count: 1 });
  });

  it('tells what is missing, and what a program complained of', async () => {
    const { none } = await measureInTurn(
      { contestants: { none: { command: ['no-such-program'] } } },
      effort,
    );
    expect(none).toBeInstanceOf(Missing);
    const broken = measureInTurn({ contestants: { broken: program('throw Error("oh")') } }, effort);
    await expect(broken).rejects.toThrow('oh');
  });
});

it('resultTable has a line per result, with both numbers, verdict and reason', () => {
  const numbers = { best: 1234.5, median: 12.345, count: 3 };
  const common = { row: 'a', what: 'x / y', size: 64, backend: 'wasm', unit: 'ms' };
  const results: Result[] = [
    {
      ...common,
      ours: numbers,
      against: numbers,
      ratio: 1,
      medianRatio: 1.5,
      target: '<= 2',
      reached: true,
    },
    { ...common, skipped: 'X is missing' },
  ];
  const [head, , first, second] = resultTable(results).split('\n');
  expect(first).toBe(
    '| a | x / y | 64 | wasm | 1235 (12.3) ms | 1235 (12.3) ms | 1.00 (1.50) | <= 2 | reached |',
  );
  expect(second).toContain('X is missing');
  for (const line of [first, second]) expect(line.split('|')).toHaveLength(head.split('|').length);
});

describe('run.ts', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'speed-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('measures the rows on wasm, and skips by name what has no Python', async () => {
    const root = fileURLToPath(new URL('../..', import.meta.url));
    const tsx = fileURLToPath(import.meta.resolve('tsx/cli'));
    const flags = [
      '--rows',
      'a,b,c,d',
      '--sizes',
      '16',
      '--threads',
      '1',
      '--backends',
      'wasm',
      '--quick',
      '--out',
      folder,
    ];
    await promisify(execFile)(process.execPath, [tsx, 'benchmarks/speed/run.ts', ...flags], {
      cwd: root,
      env: { ...process.env, SPEED_PYTHON: 'no-such-python' },
    });
    const report: Report = JSON.parse(await readFile(join(folder, 'results.json'), 'utf8'));
    expect(report.results.map(({ row }) => row).join('')).toBe('aabccd');
    for (const { row, ours, against, skipped } of report.results) {
      if (row === 'd') {
        expect(skipped).toContain('no-such-python');
      } else {
        expect(ours?.best).toBeGreaterThan(0);
        expect(against?.best).toBeGreaterThan(0);
      }
    }
    expect(await readFile(join(folder, 'results.md'), 'utf8')).toContain('| row |');
  }, 240_000); // ten processes, each with its own tfjs
});
