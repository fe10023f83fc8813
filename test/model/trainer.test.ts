import { beforeAll, describe, expect, it } from 'vitest';
import { heldModels, trainOn } from './held-models.js';
import { codeOf, mixed, normals, outcome, tinyModel } from './tiny.js';

const images = normals(12);
const test = mixed(3, 3, 7);
const hold = heldModels();
const create = (options?: Parameters<typeof tinyModel>[0]) => hold(tinyModel(options));
beforeAll(() => trainOn('wasm'));

describe('two runs at once', () => {
  it('are refused, and the first goes on as if it were alone', async () => {
    const alone = create();
    await alone.fit(images);
    const model = create();
    const first = model.fit(images);
    expect(await codeOf(model.fit(images))).toBe('TRAINING_IN_PROGRESS');
    expect(await codeOf(model.fit(images, { resume: true }))).toBe('TRAINING_IN_PROGRESS');
    expect(await codeOf(model.trainer(images))).toBe('TRAINING_IN_PROGRESS');
    await first;
    expect(await outcome(model, test)).toEqual(await outcome(alone, test));
  });

  it('are refused where both are trainers yet to be made', async () => {
    const model = create();
    const both = [model.trainer(images), model.trainer(images)];
    expect(await codeOf(both[1])).toBe('TRAINING_IN_PROGRESS');
    await (await both[0]).finish();
  });

  it('a later run takes over from a trainer, which may have been abandoned', async () => {
    const alone = create();
    await alone.fit(images);
    const model = create();
    const first = await model.trainer(images);
    await first.step();
    const second = await model.trainer(images, { resume: true });
    await second.step();
    for (const work of [() => first.step(), () => first.finish()])
      expect(await codeOf(work)).toBe('TRAINING_IN_PROGRESS');
    await model.fit(images, { resume: true });
    expect(await codeOf(second.step())).toBe('TRAINING_IN_PROGRESS');
    expect(await outcome(model, test)).toEqual(await outcome(alone, test));
  });

  it('one after the other are not: a run that failed is over', async () => {
    const model = create();
    expect(await codeOf(model.fit(normals(1)))).toBe('EMPTY_SET');
    expect((await model.fit(images)).epochs.length).toBe(3);
  });
});

describe('trainer', () => {
  it('equals fit, step by step', async () => {
    const fitted = create();
    await fitted.fit(images, { validation: test });
    const model = create();
    const trainer = await model.trainer(images, { validation: test });
    expect([trainer.epochs, trainer.epoch, trainer.round, trainer.done]).toEqual([3, 0, 0, false]);
    const ends: (number | undefined)[] = [];
    while (!trainer.done) {
      const { epoch, step, stepsPerEpoch, batchSize, epochEnd } = await trainer.step();
      expect([step, stepsPerEpoch, batchSize]).toEqual([ends.length % 3, 3, 4]);
      expect(epoch).toBe(Math.floor(ends.length / 3));
      ends.push(epochEnd?.epoch);
    }
    const no = undefined;
    expect(ends).toEqual([no, no, 0, no, no, 1, no, no, 2]);
    expect([trainer.epoch, trainer.round]).toEqual([3, 2]);
    expect(await codeOf(trainer.step())).toBe('INVALID_OPTION');
    await trainer.finish();
    expect(await outcome(model, test)).toEqual(await outcome(fitted, test));
  });

  it('may be finished in between, and again', async () => {
    const whole = create({ keep: 'bestValidation' });
    await whole.fit(images, { validation: test });
    const model = create({ keep: 'bestValidation' });
    const trainer = await model.trainer(images, { validation: test });
    while (!trainer.done) {
      await trainer.step();
      await trainer.finish();
    }
    await trainer.finish();
    expect(await outcome(model, test)).toEqual(await outcome(whole, test));
  });

  it('does not outlive its model', async () => {
    const model = create();
    const trainer = await model.trainer(images);
    const inFlight = trainer.step();
    model.dispose();
    expect(await codeOf(inFlight)).toBe('DISPOSED');
    expect(await codeOf(trainer.step())).toBe('DISPOSED');
    expect(await codeOf(trainer.finish())).toBe('DISPOSED');
  });
});
