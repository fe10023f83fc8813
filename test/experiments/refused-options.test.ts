import { beforeAll, expect, it } from 'vitest';
import { checkExperiment, runExperiment } from '../../src/experiments/index.js';
import { useBackend } from '../support/backends.js';
import { newFolder, tinyConfig, tinyData } from './tiny-experiment.js';

beforeAll(() => useBackend('cpu'));

it.each([
  ['nothing', undefined, 'options is undefined'],
  ['no data sets', { dataSets: undefined }, 'dataSets is undefined'],
  ['a data set that is no function', { dataSets: { bands: tinyData() } }, 'dataSets.bands is'],
  ['no folder', { out: undefined }, 'out is undefined'],
  ['a detector that is no function', { detectors: { mine: 5 } }, 'detectors.mine is 5'],
  ['a signal that is none', { signal: 5 }, 'signal is 5'],
  ['a callback that is none', { onProgress: 5 }, 'onProgress is 5'],
  ['ids that are no list', { only: 5 }, 'only is 5'],
  ['plans that are no list', { plannedWith: 5 }, 'plannedWith is 5'],
])('runExperiment refuses %s', async (_, change, said) => {
  const options = change && { dataSets: { bands: tinyData }, out: await newFolder(), ...change };
  await expect(runExperiment(tinyConfig, options as never)).rejects.toThrow(
    new RegExp(`^runExperiment: ${said}.*expected.*\\[INVALID_OPTION\\]$`),
  );
});

it.each([undefined, {}, { train: tinyData().train }])(
  'runExperiment refuses a data set that opens to %o',
  async (opened) => {
    const options = { dataSets: { bands: () => opened as never }, out: await newFolder() };
    await expect(runExperiment(tinyConfig, options)).rejects.toThrow(
      /^runExperiment: \w+ of 'bands' is no ImageSource.*\[INVALID_IMAGES\]$/,
    );
  },
);

it.each([
  [{ settings: 5 }, 'settings is 5'],
  [{ settings: [5] }, 'settings\\[0\\] is 5'],
  [{ options: 5 }, 'options is 5'],
])('checkExperiment refuses %o', (change, said) => {
  const detectors = [{ name: 'a', kind: 'texture', ...change }];
  expect(() => checkExperiment({ ...tinyConfig, detectors })).toThrow(
    new RegExp(`^checkExperiment: detectors\\[0\\]: ${said}.*\\[INVALID_OPTION\\]$`),
  );
});
