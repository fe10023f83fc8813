import { cp, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImageSource } from '../../src/data/index.js';
import { factsFromStored } from '../../src/experiments/data-facts.js';
import {
  type ExperimentConfig,
  experimentTables,
  type RunExperimentOptions,
  runExperiment,
} from '../../src/experiments/index.js';
import { idOf, type RunConfig } from '../../src/experiments/run-config.js';
import { codeOf } from '../model/tiny.js';
import { useBackend } from '../support/backends.js';
import { newFolder, tinyConfig, tinyData } from './tiny-experiment.js';

// Seven of eight runs, facts and plan as version 0.1 left them when it was stopped.
const stored = fileURLToPath(new URL('../fixtures/experiment-0.1', import.meta.url));

const settings = [{ scoreNeighbors: 1 }, { scoreNeighbors: 5 }];
const config: ExperimentConfig = {
  ...tinyConfig,
  detectors: [
    { name: 'pixels', kind: 'pixel-bank', settings, knownAnomalies: 'leaveOut' },
    {
      name: 'SALAD',
      kind: 'salad',
      options: { backbone: { channels: [2], embeddingSize: 2 }, pretrainEpochs: 1, rounds: 0 },
      settings,
      scoreMethods: ['reconstructionError', 'runningBankAngular'],
    },
  ],
  anomalies: [{ ratio: 0.1, form: 'added', findings: ['Nodule'] }],
};

function bands() {
  const { train, validation, test } = tinyData();
  const recordsOf = ({ ids, labels }: ImageSource) =>
    ids.map((path, i) => ({
      path,
      findings: labels?.[i] ? [['Mass', 'Nodule'][i % 2]] : [],
      bodyPart: i % 3 ? 'HAND' : 'ELBOW',
    }));
  const records = {
    train: recordsOf(train),
    validation: recordsOf(validation),
    test: recordsOf(test),
  };
  return { train, validation, test, records };
}

describe('a folder that version 0.1 began', () => {
  let out = '';
  beforeAll(async () => {
    await useBackend('cpu');
    out = await newFolder();
    await cp(stored, out, { recursive: true });
  });
  afterAll(() => rm(out, { recursive: true }));

  const run = (change: Partial<ExperimentConfig>, options: Partial<RunExperimentOptions> = {}) =>
    runExperiment({ ...config, ...change }, { dataSets: { bands }, out, ...options });

  it('is read in the words of the code', async () => {
    const onWarning = () => expect.unreachable('no run is damaged');
    const results = await run({}, { only: [], onWarning });
    const runs = results.cells.flatMap(({ run: record }) => record ?? []);
    expect(runs.length).toBe(7);
    for (const { config: of, ...record } of runs) {
      expect(['labelFree', 'validationChosen']).toContain(of.choice);
      expect(of.anomalies).not.toHaveProperty('kinds');
      expect(of.detector).not.toHaveProperty('readouts');
      const methods = ['score', ...of.detector.scoreMethods];
      expect(record.status === 'done' && Object.keys(record.test.scores)).toEqual(methods);
    }
    const { shortcuts } = results.data.bands.test;
    expect(shortcuts.map(({ attribute }) => attribute)).toEqual([
      'fineTexture',
      'brightness',
      'localContrast',
      'bodyPart',
      'sharpness',
    ]);
    expect(experimentTables(results)).toContain('| SALAD, reconstruction error | label-free |');
  });

  it('refuses settings that were not planned then', async () => {
    const [pixels, salad] = config.detectors;
    const other = { ...pixels, name: 'b', options: { scoreNeighbors: 3 } };
    expect(await codeOf(run({ detectors: [other] }))).toBe('TEST_SELECTION');
    const method = { ...salad, scoreMethods: ['relative'] };
    expect(await codeOf(run({ detectors: [method] }))).toBe('TEST_SELECTION');
  });

  it('goes on with the run that is left, and leaves the files that are there', async () => {
    const before = await readdir(stored);
    const carriedOut: number[] = [];
    await run({}, { onProgress: ({ run: { config: of } }) => carriedOut.push(of.seed) });
    expect(carriedOut).toEqual([2]);
    for (const name of before) {
      const text = await readFile(join(out, name), 'utf8');
      const textBefore = await readFile(join(stored, name), 'utf8');
      // Facts of the images that were not known then are added.
      if (name.startsWith('data-')) {
        const { test } = factsFromStored(JSON.parse(text));
        const later = ['sharpness', 'localContrast', 'fineTexture'];
        const known = test.shortcuts.filter(({ attribute }) => !later.includes(attribute));
        expect(known).toEqual(factsFromStored(JSON.parse(textBefore)).test.shortcuts);
        expect(test.shortcuts).toHaveLength(known.length + later.length);
      }
      // The other kind was scored before; SALAD's runs were done but not yet in the plan.
      else if (!name.endsWith('.plan.json')) expect(text).toBe(textBefore);
    }
    const added = (await readdir(out)).filter((name) => !before.includes(name));
    // What version 0.1 names the same run.
    expect(added).toEqual([
      'salad-bands-10pct-nodule-seed2-validation-chosen-c10eeb57fda8a513.json',
    ]);
    const again = await run({}, { onProgress: () => expect.unreachable('nothing is left') });
    expect(again.cells.every(({ run: record }) => record?.status === 'done')).toBe(true);
  });
});

describe('the hash that names a run', () => {
  // As version 0.1 made them: SHA-256 of the config in its words.
  const run: RunConfig = {
    formatVersion: 1,
    detector: {
      name: 'a',
      kind: 'deepSvdd',
      settings: [{ objective: 'softBoundary' }],
      scoreMethods: [],
    },
    dataSet: 'chest',
    dataHash: '0123456789abcdef',
    inputShape: [8, 8, 1],
    resize: { method: 'area', fit: 'stretch' },
    anomalies: { ratio: 0, form: 'added' },
    seed: 1,
    choice: 'validationChosen',
  };

  it('is the same for a kind and a constant by their names of version 0.1', () => {
    const stored = { name: 'a', kind: 'deep-svdd', settings: [{ objective: 'soft-boundary' }] };
    expect(idOf({ ...run, detector: { ...stored, scoreMethods: [] } })).toBe(idOf(run));
  });

  it('differs by everything that a run depends on, and by no name of a key', () => {
    const { detector, anomalies } = run;
    const others: RunConfig[] = [
      run,
      { ...run, seed: 2 },
      { ...run, choice: 'labelFree' },
      { ...run, anomalies: { ...anomalies, findings: ['Mass'] } },
      { ...run, detector: { ...detector, knownAnomalies: 'leaveOut' } },
      { ...run, detector: { ...detector, scoreMethods: ['relative'] } },
      { ...run, detector: { ...detector, options: { deepSad: true } } },
      { ...run, detector: { ...detector, options: { 'deep-sad': true } } },
    ];
    expect(new Set(others.map(idOf)).size).toBe(others.length);
  });
});
