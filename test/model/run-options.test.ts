import { beforeAll, describe, expect, it } from 'vitest';
import { meanIntensity } from '../../src/baselines/index.js';
import { heldModels, trainOn } from './held-models.js';
import { codeOf, mixed, normals, tinyModel } from './tiny.js';

const images = normals(12);
const hold = heldModels();
const create = (options?: Parameters<typeof tinyModel>[0]) => hold(tinyModel(options));
beforeAll(() => trainOn('wasm'));

describe('options of a run', () => {
  it.each([
    ['INVALID_OPTION', { callbacks: 5 }],
    ['INVALID_OPTION', { callbacks: { onEpochEnd: 5 } }],
    ['UNKNOWN_OPTION', { callbacks: { onEpochEnds() {} } }],
    ['INVALID_OPTION', { onWarning: 5 }],
    ['INVALID_OPTION', { signal: 5 }],
    ['INVALID_OPTION', { imagePool: 5 }],
    ['INVALID_OPTION', { resume: 'yes' }],
  ])('%s: %o', async (code, wrong) => {
    const model = create();
    await expect(model.fit(images, wrong as object)).rejects.toThrow(
      new RegExp(`^SaladModel\\.fit: .*\\[${code}\\]$`),
    );
    expect(model.history).toEqual([]);
    if ('imagePool' in wrong || 'resume' in wrong) return;
    const detector = meanIntensity({ inputShape: [8, 8, 1] });
    await expect(detector.fit(images, wrong as object)).rejects.toThrow(
      new RegExp(`^meanIntensity\\.fit: .*\\[${code}\\]$`),
    );
  });

  it('may be a class of callbacks that keeps its own state', async () => {
    const callbacks = { epochs: 0, onEpochEnd: () => undefined };
    await create({ rounds: 0 }).fit(images, { callbacks });
  });
});

describe('one step at a time', () => {
  it('a second step or finish at once is refused, and the first is whole', async () => {
    const trainer = await create().trainer(images);
    const first = trainer.step();
    expect(await codeOf(trainer.step())).toBe('TRAINING_IN_PROGRESS');
    expect(await codeOf(trainer.finish())).toBe('TRAINING_IN_PROGRESS');
    expect((await first).step).toBe(0);
    expect(trainer.stepInEpoch).toBe(1);
    expect((await trainer.step()).step).toBe(1);
  });
});

it('after TRAINING_DIVERGED score does not say that training goes on', async () => {
  const model = create({ learningRate: 1e30 });
  expect(await codeOf(model.fit(images))).toBe('TRAINING_DIVERGED');
  await expect(model.score(images)).rejects.toThrow(/not brought to its end.*\[NOT_FITTED\]$/);
});

it('an abort during the last validation rejects, and the model scores', async () => {
  const controller = new AbortController();
  const model = create();
  const validation = mixed(3, 3, 7);
  const watched = {
    ...validation,
    ids: validation.ids.map((id) => `validation ${id}`),
    read(...args: Parameters<typeof validation.read>) {
      if (model.history.length === 3) controller.abort(new Error('enough'));
      return validation.read(...args);
    },
  };
  const options = { validation: watched, signal: controller.signal };
  await expect(model.fit(images, options)).rejects.toThrow('enough');
  expect((await model.score(images)).scores.every(Number.isFinite)).toBe(true);
});
