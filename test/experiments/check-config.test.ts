import { describe, expect, it } from 'vitest';
import { checkExperiment } from '../../src/experiments/index.js';
import { codeOf } from '../model/tiny.js';
import { tinyConfig } from './tiny-experiment.js';

const code = (change: object) =>
  codeOf((async () => checkExperiment({ ...tinyConfig, ...change }))());
const message = (change: object) => {
  try {
    checkExperiment({ ...tinyConfig, ...change });
  } catch (error) {
    return (error as Error).message;
  }
  return 'passed';
};

describe('checkExperiment', () => {
  it('takes what is right, also from JSON', () => {
    const read = JSON.parse(JSON.stringify(tinyConfig));
    expect(checkExperiment(read)).toBe(read);
  });

  it.each([
    ['a choice', { choices: ['test-chosen'] }],
    ['a key', { chooseBy: 'test' }],
    ['another key', { testSelection: true }],
    [
      'an option',
      { detectors: [{ name: 'a', kind: 'denoisingAutoencoder', options: { keep: 'best-test' } }] },
    ],
    [
      'a setting',
      {
        detectors: [
          { name: 'a', kind: 'denoisingAutoencoder', settings: [{ validateOn: 'test' }] },
        ],
      },
    ],
    [
      'camel case',
      { detectors: [{ name: 'a', kind: 'denoisingAutoencoder', options: { keep: 'bestTest' } }] },
    ],
  ])('refuses to choose by test images: %s', async (_, change) => {
    expect(await code(change)).toBe('TEST_SELECTION');
  });

  it('leaves names alone, and words that only end so', async () => {
    const detectors = [{ name: 'latest test', kind: 'my-test', options: { order: 'latest' } }];
    expect(message({ detectors, dataSets: ['test films'] })).toBe('passed');
  });

  it.each([
    ['no detectors', { detectors: [] }, 'INVALID_OPTION'],
    ['seeds that are no numbers', { seeds: ['1'] }, 'INVALID_OPTION'],
    ['a seed twice', { seeds: [1, 1] }, 'INVALID_OPTION'],
    ['a shape of two numbers', { inputShape: [8, 8] }, 'INVALID_OPTION'],
    ['a share of 1', { anomalies: [{ ratio: 1, form: 'added' }] }, 'INVALID_OPTION'],
    ['a share without a form', { anomalies: [{ ratio: 0.1 }] }, 'INVALID_OPTION'],
    ['a word that is not known', { ratios: [0] }, 'UNKNOWN_OPTION'],
    ['a budget of nothing', { budgetSeconds: 0 }, 'INVALID_OPTION'],
    ['a detector without a kind', { detectors: [{ name: 'a' }] }, 'INVALID_OPTION'],
    [
      'a name twice',
      { detectors: [tinyConfig.detectors[0], tinyConfig.detectors[0]] },
      'INVALID_OPTION',
    ],
    [
      "an option of the experiment's",
      { detectors: [{ name: 'a', kind: 'denoisingAutoencoder', options: { seed: 1 } }] },
      'INVALID_OPTION',
    ],
    [
      'more settings for one than for another',
      {
        detectors: [
          { name: 'a', kind: 'denoisingAutoencoder', settings: [{}, { noise: 0.1 }] },
          { name: 'b', kind: 'denoisingAutoencoder', settings: [{}] },
        ],
      },
      'INVALID_OPTION',
    ],
  ])('refuses %s', async (_, change, expected) => {
    expect(await code(change)).toBe(expected);
  });

  it('says where', () => {
    expect(message({ seeds: [1, 2.5] })).toContain('seeds[1] is 2.5');
    expect(
      message({ detectors: [{ name: 'a', kind: 'denoisingAutoencoder', opions: {} }] }),
    ).toContain("detectors[0]: unknown option 'opions'. Did you mean 'options'?");
  });
});
