import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Backbone, ImageSource, SaladModel } from '../../src/index.js';
import { heldModels, trainOn } from './held-models.js';
import { memoryFile, normals, tinyBackbone, tinyModel } from './tiny.js';

const images = normals(12);
const test = normals(2, 2);
const hold = heldModels();
const create = (options?: Parameters<typeof tinyModel>[0]) => hold(tinyModel(options));
beforeAll(() => trainOn('wasm'));

interface Call {
  /** What errors before the first step name, those of a step, and those of the end. */
  readonly names: readonly [before: string, step: string, end: string];
  run(model: SaladModel, images: ImageSource, options?: object): Promise<unknown>;
}

const all = (name: string) => [name, name, name] as const;
const calls: Call[] = [
  { names: all('SaladModel.fit'), run: (model, ...args) => model.fit(...args) },
  {
    names: all('SaladModel.train'),
    run: async (model, ...args) => {
      for await (const _ of model.train(...args));
    },
  },
  {
    names: ['SaladModel.trainer', 'Trainer.step', 'Trainer.finish'],
    run: async (model, ...args) => {
      const trainer = await model.trainer(...args);
      while (!trainer.done) await trainer.step();
      await trainer.finish();
    },
  },
];

const message = (name: string, code: string) => new RegExp(`^${name}: .*\\[${code}\\]$`);

describe.each(calls)(
  'an error of $names.0 names the call',
  ({ names: [before, step, end], run }) => {
    it('before the first step', async () => {
      await expect(run(create(), normals(1))).rejects.toThrow(message(before, 'EMPTY_SET'));
      const resume = { resume: true };
      await expect(run(create(), images, resume)).rejects.toThrow(message(before, 'NOT_FITTED'));
      const choosing = create({ keep: 'bestValidation' });
      await expect(run(choosing, images)).rejects.toThrow(message(before, 'INVALID_OPTION'));
      const model = create({ rounds: 0 });
      await run(model, images);
      await expect(run(model, images)).rejects.toThrow(message(before, 'ALREADY_FITTED'));
      await expect(run(model, normals(11), resume)).rejects.toThrow(
        message(before, 'CHECKPOINT_MISMATCH'),
      );
      model.dispose();
      await expect(run(model, images)).rejects.toThrow(message(before, 'DISPOSED'));
    });

    it('while another is at work', async () => {
      const model = create();
      const onEpochBegin = () =>
        expect(run(model, images)).rejects.toThrow(message(before, 'TRAINING_IN_PROGRESS'));
      await model.fit(images, { callbacks: { onEpochBegin } });
    });

    it('in a step', async () => {
      const model = create({ learningRate: 1e30 });
      await expect(run(model, images)).rejects.toThrow(message(step, 'TRAINING_DIVERGED'));
    });

    it('at the end, after which the run may go on to a model that scores', async () => {
      const { backbone, fail } = failing(tinyBackbone());
      const model = create({ backbone });
      fail(() => model.history.length === 3);
      await expect(run(model, images)).rejects.toThrow(message(end, 'INVALID_EMBEDDING'));
      await expect(model.score(test)).rejects.toThrow(message('SaladModel.score', 'NOT_FITTED'));
      fail(() => false);
      await run(model, images, { resume: true });
      expect((await model.score(test)).scores.every(Number.isFinite)).toBe(true);
    });

    it('where validation fails at the end, and the model scores without a threshold', async () => {
      const model = create();
      const validation: ImageSource = {
        ...images,
        ids: images.ids.map((id) => `validation ${id}`),
        read(indices) {
          if (model.history.length === 3) throw new Error('the disk is gone');
          return images.read(indices);
        },
      };
      await expect(run(model, images, { validation })).rejects.toThrow('the disk is gone');
      expect(model.history.length).toBe(3);
      expect((await model.score(test)).scores.every(Number.isFinite)).toBe(true);
      expect(model.threshold).toBeUndefined();
    });
  },
);

it('fit keeps what was learnt where the last checkpoint or onTrainEnd fails', async () => {
  const full = { ...memoryFile(), save: () => Promise.reject(new Error('the disk is full')) };
  const options = [
    { checkpoint: full, checkpointEvery: 9 },
    {
      callbacks: {
        onTrainEnd() {
          throw new Error('the disk is full');
        },
      },
    },
  ];
  for (const one of options) {
    const model = create();
    await expect(model.fit(images, one)).rejects.toThrow('the disk is full');
    expect((await model.score(test)).scores.every(Number.isFinite)).toBe(true);
  }
});

/** A backbone whose embeddings outside of training are zeros where it is told to fail. */
function failing(backbone: Backbone) {
  let isFailing = () => false;
  const encode: Backbone['encode'] = (batch, training) => {
    const encoded = backbone.encode(batch, training);
    if (training || !isFailing()) return encoded;
    return { ...encoded, embeddings: tf.zerosLike(encoded.embeddings) };
  };
  return {
    backbone: { ...backbone, encode },
    fail(when: () => boolean) {
      isFailing = when;
    },
  };
}
