import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ImageSource, subset } from '../../src/data/index.js';
import {
  type ExperimentConfig,
  experimentTables,
  type RunExperimentOptions,
  type RunRecord,
  runExperiment,
  summarize,
} from '../../src/experiments/index.js';
import { codeOf } from '../model/tiny.js';
import { useBackend } from '../support/backends.js';
import { madeUp, newFolder, part, tinyConfig, tinyData } from './tiny-experiment.js';

const folders: string[] = [];
const folder = async () => {
  folders.push(await newFolder());
  return folders[folders.length - 1];
};
beforeAll(() => useBackend('cpu'));
afterAll(() => Promise.all(folders.map((path) => rm(path, { recursive: true }))));

const dataSets = { bands: tinyData };
const run = async (options: Partial<RunExperimentOptions> & { out: string }, config = tinyConfig) =>
  runExperiment(config, { dataSets, ...options });

const isRun = (name: string) => !/^data-|\.plan\.json$/.test(name);

/** What of a run does not depend on the clock. */
async function lasting(out: string): Promise<Map<string, unknown>> {
  const files = new Map<string, unknown>();
  for (const name of (await readdir(out)).sort()) {
    const { seconds, scoringSeconds, peakMemory, tried, ...rest } = JSON.parse(
      await readFile(join(out, name), 'utf8'),
    );
    const settings = tried?.map(({ seconds: _, ...one }: { seconds: number }) => one);
    files.set(name, { ...rest, ...(settings && { tried: settings }) });
  }
  return files;
}

describe('runExperiment', () => {
  it('fills every cell, and stores what each run was made with', async () => {
    const out = await folder();
    const { cells } = await run({ out });
    expect(cells.length).toBe(2 * 2 * 2 * 2);
    expect(cells.every(({ run: record }) => record?.status === 'done')).toBe(true);
    const record = cells.find(
      ({ detector, choice }) => detector === 'pixels' && choice === 'validationChosen',
    )?.run as RunRecord & { status: 'done' };
    expect(record.tried.length).toBe(2);
    // The kind of both, and what no plan here sets.
    for (const { config: set } of record.tried)
      expect(set).toMatchObject({ kind: 'pixelBank', method: expect.any(String) });
    expect(record.test.labels).toEqual([...Array(10).fill(0), ...Array(8).fill(1)]);
    expect(record.test.scores.score.length).toBe(18);
    expect(record.distinctScores).toBe(new Set(record.test.scores.score).size);
    expect(record.environment.backend).toBe('cpu');
    expect(record.environment.versions.node).toBe(process.versions.node);
    expect(record.peakMemory).toBeGreaterThan(1e6);
    expect(record.config.dataHash).toMatch(/^[0-9a-f]{16}$/);
    const text = await readFile(join(out, (await readdir(out)).filter(isRun)[0]), 'utf8');
    expect(text).not.toMatch(/patient-|test-\d|train-\d/);
  });

  it('leaves no name of an image or a patient in any file', async () => {
    const out = await folder();
    await run({ out });
    for (const name of await readdir(out)) {
      expect(await readFile(join(out, name), 'utf8')).not.toMatch(/-patient-|"test-\d|"train-\d/);
    }
  });

  it('draws known anomalies by the ratio and the seed', async () => {
    const trained: string[][] = [];
    const detectors = {
      watching: madeUp({
        scores: (images) => images.ids.map((_, i) => i),
        onFit: (train) => void trained.push([...train.ids]),
      }),
    };
    const config: ExperimentConfig = {
      ...tinyConfig,
      detectors: [{ name: 'a', kind: 'watching' }],
      choices: ['labelFree'],
    };
    const { cells } = await run({ out: await folder(), detectors }, config);
    expect(trained.map(({ length }) => length)).toEqual([20, 20, 22, 22]);
    expect(trained[2]).not.toEqual(trained[3]);
    const record = cells[2].run as RunRecord & { status: 'done' };
    expect(record.trained).toEqual({ images: 22, abnormal: 2 });
  });

  it('runs once what is the same at every ratio', async () => {
    const config: ExperimentConfig = {
      ...tinyConfig,
      detectors: [{ name: 'pixels', kind: 'pixelBank', knownAnomalies: 'leaveOut' }],
      choices: ['labelFree'],
    };
    const out = await folder();
    const { cells } = await run({ out }, config);
    expect(cells.length).toBe(4);
    expect(new Set(cells.map(({ id }) => id)).size).toBe(2);
  });

  it('leaves a detector out where there is nothing for it to learn from', async () => {
    const config: ExperimentConfig = {
      ...tinyConfig,
      detectors: [{ name: 'lr', kind: 'logisticRegression', knownAnomalies: 'needed' }],
      choices: ['labelFree'],
    };
    const { cells } = await run({ out: await folder() }, config);
    expect(cells.map(({ anomalies }) => anomalies.ratio)).toEqual([0.1, 0.1]);
    expect(cells.every(({ run: record }) => record?.status === 'done')).toBe(true);
  });

  it('that was aborted goes on to the files of one that was not', async () => {
    const [whole, broken] = [await folder(), await folder()];
    await run({ out: whole });
    const stop = new AbortController();
    const reason = new Error('enough');
    let ended = 0;
    const aborted = run({
      out: broken,
      signal: stop.signal,
      onProgress: () => {
        ended += 1;
        if (ended === 5) stop.abort(reason);
      },
    });
    expect(await aborted.catch((error) => error)).toBe(reason);
    expect((await readdir(broken)).filter(isRun).length).toBe(5);
    let total = 0;
    await run({
      out: broken,
      onProgress: (progress) => {
        total = progress.total;
      },
    });
    expect(total).toBe(11);
    expect(await lasting(broken)).toEqual(await lasting(whole));
    await run({ out: broken, onProgress: () => expect.unreachable('nothing was left to run') });
  });

  it('whose process was killed goes on to the files of one that was not', async () => {
    const [whole, broken] = [await folder(), await folder()];
    await run({ out: whole });
    const script = fileURLToPath(new URL('killed-experiment.ts', import.meta.url));
    const child = fork(script, [broken], { execArgv: ['--import', 'tsx'] });
    child.on('message', (done) => {
      if (done === 4) child.kill('SIGKILL');
    });
    const [code, signal] = await once(child, 'exit');
    expect([code, signal]).toEqual([null, 'SIGKILL']);
    const left = (await readdir(broken)).filter(isRun).length;
    expect(left).toBeGreaterThanOrEqual(4);
    expect(left).toBeLessThan(12);
    await run({ out: broken });
    const [found, expected] = await Promise.all([lasting(broken), lasting(whole)]);
    expect([...found.keys()].filter(isRun)).toEqual([...expected.keys()].filter(isRun));
    for (const [name, one] of expected)
      expect({ ...(found.get(name) as object), environment: 0 }).toEqual({
        ...(one as object),
        environment: 0,
      });
  });

  it('leaves no file of the run that an abort ends', async () => {
    const out = await folder();
    const stop = new AbortController();
    const detectors = {
      aborting: madeUp({ scores: () => [], onFit: () => stop.abort(new Error('now')) }),
    };
    const config = { ...tinyConfig, detectors: [{ name: 'a', kind: 'aborting' }] };
    const aborted = run({ out, detectors, signal: stop.signal }, config);
    expect((await aborted.catch((error) => error)).message).toBe('now');
    expect((await readdir(out)).filter(isRun)).toEqual([]);
  });

  it('runs damaged files again, and says so', async () => {
    const [whole, broken] = [await folder(), await folder()];
    await run({ out: whole });
    await run({ out: broken });
    const runs = (await readdir(broken)).filter(isRun);
    await truncate(join(broken, runs[0]), 200);
    await writeFile(join(broken, runs[1]), '');
    const text = await readFile(join(broken, runs[2]), 'utf8');
    await writeFile(join(broken, runs[2]), text.replace('"seed":', '"seed":1'));
    await writeFile(join(broken, runs[3]), text);
    await writeFile(join(broken, `${runs[4]}.partial`), 'half');
    const codes: string[] = [];
    let total = 0;
    await run({
      out: broken,
      onWarning: ({ code }) => codes.push(code),
      onProgress: (progress) => {
        total = progress.total;
      },
    });
    expect(codes).toEqual(Array(4).fill('RUN_DAMAGED'));
    expect(total).toBe(4);
    await rm(join(broken, `${runs[4]}.partial`));
    expect(await lasting(broken)).toEqual(await lasting(whole));
  });

  it('keeps a failed run, and tries it again only with retryFailed', async () => {
    const out = await folder();
    let fits = 0;
    const failing = madeUp({
      scores: (images) => images.ids.map(() => (fits > 2 ? 1 : Number.NaN)),
      onFit: () => void fits++,
    });
    const config: ExperimentConfig = {
      ...tinyConfig,
      detectors: [{ name: 'a', kind: 'failing' }],
      anomalies: [{ ratio: 0, form: 'added' }],
      choices: ['labelFree'],
    };
    const detectors = { failing };
    const statuses = async (options = {}) =>
      (await run({ out, detectors, ...options }, config)).cells.map(({ run: record }) =>
        record?.status === 'failed' ? record.error.code : record?.status,
      );
    expect(await statuses()).toEqual(['NOT_FINITE', 'NOT_FINITE']);
    expect(await statuses()).toEqual(['NOT_FINITE', 'NOT_FINITE']);
    expect(fits).toBe(2);
    expect(await statuses({ retryFailed: true })).toEqual(['done', 'done']);
  });

  it('stores a run that was carried out elsewhere and left nothing as failed', async () => {
    const { cells } = await run({
      out: await folder(),
      carryOut: async ({ config: { seed } }) => {
        if (seed === 1) throw new Error('killed');
      },
    });
    const failed = cells.map(({ run: record }) =>
      record?.status === 'failed' ? record : undefined,
    );
    expect(failed[0]?.error).toEqual({ code: 'Error', message: 'killed' });
    expect(failed[1]?.error.code).toBe('RUN_LOST');
  });

  it('reads what another call has left', async () => {
    const out = await folder();
    const { cells: planned } = await run({ out, only: [] });
    expect(planned.every(({ run: record }) => record === undefined)).toBe(true);
    const { cells } = await run({
      out,
      concurrency: 2,
      carryOut: async ({ id }) => void (await run({ out, only: [id] })),
    });
    expect(cells.every(({ run: record }) => record?.status === 'done')).toBe(true);
  });

  it('refuses what is not registered or not planned', async () => {
    const refused = async (change: Partial<ExperimentConfig>, options = {}) =>
      codeOf(run({ out: await folder(), ...options }, { ...tinyConfig, ...change }));
    expect(await refused({ dataSets: ['knees'] })).toBe('INVALID_OPTION');
    expect(await refused({ detectors: [{ name: 'a', kind: 'oracle' }] })).toBe('INVALID_OPTION');
    expect(await refused({}, { only: ['0123456789abcdef'] })).toBe('INVALID_OPTION');
    const late = run({ out: await folder() }, { ...tinyConfig, seeds: [1, 2.5] });
    await expect(late).rejects.toThrow(/^runExperiment: seeds\[1\] is 2.5/);
    expect(await refused({}, { concurrency: 2 })).toBe('INVALID_OPTION');
  });

  it('stops a detector whose next epoch would end beyond the budget', async () => {
    const slow = madeUp({
      scores: (images) => images.ids.map((_, i) => i),
      epochs: 1000,
      onFit: () => new Promise((resolve) => setTimeout(resolve, 60)),
    });
    const config: ExperimentConfig = {
      ...tinyConfig,
      detectors: [{ name: 'a', kind: 'slow' }],
      choices: ['labelFree'],
      budgetSeconds: 0.1,
    };
    const { cells } = await run({ out: await folder(), detectors: { slow } }, config);
    const record = cells[0].run as RunRecord & { status: 'done' };
    expect(record.tried[0].overBudget).toBe(true);
    expect(record.history.length).toBe(1);
  });
});

describe('test images', () => {
  const config: ExperimentConfig = {
    ...tinyConfig,
    anomalies: [{ ratio: 0.1, form: 'added' }],
    seeds: [1],
    detectors: [{ name: 'a', kind: 'spying', settings: [{ good: false }, { good: true }] }],
  };

  it('are read for scoring once a run, after every fit and every scoring of validation images', async () => {
    const events: string[] = [];
    const spied = (source: ImageSource, name: string): ImageSource => ({
      ...source,
      async read(indices) {
        events.push(name);
        return source.read(indices);
      },
    });
    const data = tinyData();
    const spying = madeUp({
      scores(images, { good }) {
        events.push(`score ${images.ids[0].split('-')[0]}`);
        return Array.from(images.labels ?? [], (label) => (good ? label : -label));
      },
      onFit: (train, validation) =>
        void events.push(
          `fit ${train.ids[0].split('-')[0]} ${validation?.ids[0].split('-')[0] ?? 'alone'}`,
        ),
    });
    const { cells } = await run(
      {
        out: await folder(),
        detectors: { spying },
        dataSets: { bands: () => ({ ...data, test: spied(data.test, 'read test') }) },
      },
      config,
    );
    const began = events.findIndex((event) => event.startsWith('fit'));
    expect(events.slice(began)).toEqual([
      'fit train alone',
      'score validation',
      'score test',
      'fit train validation',
      'score validation',
      'fit train validation',
      'score validation',
      'score test',
    ]);
    const chosen = cells[1].run as RunRecord & { status: 'done' };
    expect(chosen.setting).toBe(1);
    expect(chosen.tried.map(({ validationAuc }) => validationAuc)).toEqual([0, 1]);
  });

  it('that share an image or a patient with another part are refused', async () => {
    const data = tinyData();
    const refused = async (other: Partial<typeof data>) =>
      codeOf(run({ out: await folder(), dataSets: { bands: () => ({ ...data, ...other }) } }));
    const overlapping = run({
      out: await folder(),
      dataSets: { bands: () => ({ ...data, test: data.validation }) },
    });
    await expect(overlapping).rejects.toThrow(
      /^runExperiment: 'bands': 6 patients are in more than one part/,
    );
    expect(await refused({ test: data.validation })).toBe('PATIENT_OVERLAP');
    const renamed = part('renamed', 6, 6, 2);
    expect(await refused({ test: renamed })).toBe('IMAGE_OVERLAP');
    const patients = data.test.ids.map((_, i) => (i === 3 ? 'train-patient-1' : `p${i}`));
    expect(await refused({ test: { ...data.test, patients } })).toBe('PATIENT_OVERLAP');
    expect(await refused({ test: { ...data.test, labels: undefined } })).toBe('LABELS_MISMATCH');
  });

  const scores = (images: ImageSource) => images.ids.map((_, i) => i);
  const make = madeUp({ scores });
  const spying: typeof make = async (request) => ({
    ...(await make(request)),
    scoreMethods: { other: async (images) => scores(images) },
  });
  const plan = config.detectors[0];
  const planning = async (
    out: string,
    detectors: ExperimentConfig['detectors'],
    options: Partial<RunExperimentOptions> = {},
  ) => run({ out, detectors: { spying }, ...options }, { ...config, detectors });

  it('are refused to settings that were not planned before they were first scored', async () => {
    const out = await folder();
    await planning(out, [plan]);
    const refused = (...detectors: ExperimentConfig['detectors']) =>
      codeOf(planning(out, detectors));
    expect(await refused({ ...plan, options: { more: 1 } })).toBe('TEST_SELECTION');
    expect(await refused({ ...plan, name: 'b', options: { more: 1 } })).toBe('TEST_SELECTION');
    expect(await refused({ ...plan, settings: [{ good: 2 }] })).toBe('TEST_SELECTION');
    expect(await refused({ ...plan, scoreMethods: ['other'] })).toBe('TEST_SELECTION');
    expect(await refused(plan, { ...plan, name: 'b', options: { more: 1 } })).toBe(
      'TEST_SELECTION',
    );
    const sized = run({ out, detectors: { spying } }, { ...config, inputShape: [4, 4, 1] });
    expect(await codeOf(sized)).toBe('TEST_SELECTION');
    // Nothing was run, and what was planned goes on: more seeds, more ratios, another name.
    const { cells } = await planning(out, [{ ...plan, name: 'b' }]);
    expect(cells.every(({ run: record }) => record?.status === 'done')).toBe(true);
  });

  it('are refused though runs were deleted, images renamed or training images left out', async () => {
    const out = await folder();
    await planning(out, [plan]);
    for (const name of await readdir(out))
      if (!name.endsWith('.plan.json')) await rm(join(out, name));
    const other = [{ ...plan, options: { more: 1 } }];
    expect(await codeOf(planning(out, other))).toBe('TEST_SELECTION');
    const data = tinyData();
    const ids = data.test.ids.map((id) => `again-${id}`);
    const test = { ...data.test, ids };
    const renamed = planning(out, other, { dataSets: { bands: () => ({ ...data, test }) } });
    expect(await codeOf(renamed)).toBe('TEST_SELECTION');
    const train = subset(
      data.train,
      Array.from({ length: data.train.length - 1 }, (_, i) => i + 1),
    );
    const fewer = planning(out, other, { dataSets: { bands: () => ({ ...data, train }) } });
    expect(await codeOf(fewer)).toBe('TEST_SELECTION');
  });

  it('are refused where the plan was deleted but the runs are there', async () => {
    const out = await folder();
    await planning(out, [plan]);
    for (const name of await readdir(out))
      if (name.endsWith('.plan.json')) await rm(join(out, name));
    expect(await codeOf(planning(out, [{ ...plan, options: { more: 1 } }]))).toBe('TEST_SELECTION');
    await planning(out, [plan]);
  });

  it('are refused after a stop, to who comes with other training images too', async () => {
    const out = await folder();
    const stop = new AbortController();
    const stopped = planning(out, [plan], {
      signal: stop.signal,
      onProgress: () => stop.abort(),
    });
    await expect(stopped).rejects.toThrow('aborted');
    const data = tinyData();
    const train = subset(
      data.train,
      Array.from({ length: data.train.length - 1 }, (_, i) => i + 1),
    );
    const fewer = planning(out, [{ ...plan, options: { more: 1 } }], {
      dataSets: { bands: () => ({ ...data, train }) },
    });
    expect(await codeOf(fewer)).toBe('TEST_SELECTION');
  });

  it('have a plan that is never overwritten for being damaged', async () => {
    const out = await folder();
    await planning(out, [plan]);
    const name = (await readdir(out)).find((one) => one.endsWith('.plan.json')) ?? '';
    const whole = await readFile(join(out, name), 'utf8');
    for (const damaged of [
      whole.slice(0, 20),
      'null',
      whole.replace('"formatVersion":1', '"formatVersion":2'),
    ]) {
      await writeFile(join(out, name), damaged);
      expect(await codeOf(planning(out, [plan]))).toBe('FORMAT_VERSION');
      expect(await readFile(join(out, name), 'utf8')).toBe(damaged);
    }
    await rm(join(out, name));
    await planning(out, [plan]);
    expect(JSON.parse(await readFile(join(out, name), 'utf8')).kinds.spying.evaluated).toBe(true);
  });

  it('are scored by settings that were planned together', async () => {
    const out = await folder();
    const later = { ...plan, name: 'b', options: { more: 1 } };
    await planning(out, [plan], { plannedWith: [{ ...config, detectors: [later] }] });
    const { cells } = await planning(out, [later]);
    expect(cells.every(({ run: record }) => record?.status === 'done')).toBe(true);
  });

  it('are scored after an evaluation where the plan says so, and so does every table', async () => {
    const out = await folder();
    await planning(out, [plan]);
    const late = { ...plan, name: 'b', options: { more: 1 } };
    const results = await planning(out, [plan, { ...late, afterEvaluation: true }]);
    expect(results.cells.every(({ run: record }) => record?.status === 'done')).toBe(true);
    const text = experimentTables(results);
    expect(text).toContain('| b (planned after an evaluation) |');
    expect(text).toContain('planned after an evaluation on the test set');
    expect(summarize(results).map(({ afterEvaluation }) => afterEvaluation)).toEqual([
      false,
      false,
      true,
      true,
    ]);
    // The word cannot be dropped afterwards.
    expect(await codeOf(planning(out, [late]))).toBe('TEST_SELECTION');
  });
});

describe('findings', () => {
  it('that are not known are in neither training nor validation', async () => {
    const data = tinyData();
    const names = ['Mass', 'Nodule'];
    const recordsOf = (source: ImageSource) =>
      Array.from({ length: source.length }, (_, i) => ({
        path: source.ids[i],
        findings: source.labels?.[i] ? [names[i % 2]] : [],
      }));
    const seen: string[][] = [];
    const detectors = {
      watching: madeUp({
        scores: (images) => images.ids.map((_, i) => i),
        onFit: (train, validation) => void seen.push([...train.ids], [...(validation?.ids ?? [])]),
      }),
    };
    await run(
      {
        out: await folder(),
        detectors,
        dataSets: {
          bands: () => ({
            ...data,
            records: {
              train: recordsOf(data.train),
              validation: recordsOf(data.validation),
              test: recordsOf(data.test),
            },
          }),
        },
      },
      {
        ...tinyConfig,
        detectors: [{ name: 'a', kind: 'watching' }],
        anomalies: [{ ratio: 0.1, form: 'added', findings: ['Nodule'] }],
        seeds: [1],
        choices: ['validationChosen'],
      },
    );
    const abnormal = seen.map((ids) =>
      ids
        .map((id) => id.split('-'))
        .filter(([name, i]) => Number(i) >= (name === 'train' ? 20 : 6)),
    );
    expect(abnormal.map(({ length }) => length)).toEqual([2, 3]);
    expect(abnormal.flat().every(([, i]) => Number(i) % 2 === 1)).toBe(true);
  });
});
