import { describe, expect, it } from 'vitest';
import { defaultSettings, scheduleFor } from '../../src/index.js';
import { codeOf } from './tiny.js';

describe('scheduleFor', () => {
  const { pretrainEpochs, rounds, epochsPerRound } = defaultSettings;

  it('is the default from 800 images on', () => {
    for (const images of [800, 803, 100_000])
      expect(scheduleFor(images)).toEqual({ pretrainEpochs, rounds, epochsPerRound });
  });

  it('makes up for fewer images by epochs', () => {
    expect(scheduleFor(400)).toEqual({
      pretrainEpochs: 2 * pretrainEpochs,
      rounds,
      epochsPerRound: 2 * epochsPerRound,
    });
    // 800 / 290 times 10 and 4.
    expect(scheduleFor(290)).toEqual({ pretrainEpochs: 28, rounds: 5, epochsPerRound: 11 });
  });

  it('refuses no images', async () => {
    for (const images of [0, -1, 1.5, Number.NaN])
      expect(await codeOf(() => scheduleFor(images))).toBe('INVALID_OPTION');
  });
});
