import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { memDae, untrainedEncoder } from '../../src/baselines/index.js';
import {
  type Backbone,
  type ImageSource,
  ProgressiveNeighborhoodScheduler,
  SaladModel,
  type SaladWarning,
} from '../../src/index.js';
import { fileSystem } from '../../src/node/index.js';
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

    it('in a step, also where a backbone of the user returns another shape', async () => {
      const backbone = tinyBackbone();
      const decode: Backbone['decode'] = ({ embeddings }) =>
        tf.zeros([embeddings.shape[0], 1, 1, 1]);
      const model = create({ backbone: { ...backbone, decode } });
      await expect(run(model, images)).rejects.toThrow(message(step, 'SHAPE_MISMATCH'));
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

describe('a warning names the call', () => {
  const warningsOf = async (work: (onWarning: (warning: SaladWarning) => void) => unknown) => {
    const warnings: SaladWarning[] = [];
    await work((warning) => warnings.push(warning));
    return warnings.map(({ code, message }) => `${code} ${message.split(':')[0]}`);
  };

  it('that compares images with the bank', async () => {
    const model = create({ scoreNeighbors: 50 });
    const fitting = { validation: normals(40, 3, 'validation') };
    const names = (call: string) => [
      `SCORE_NEIGHBORS_CLAMPED ${call}`,
      `SCORE_IS_CONSTANT ${call}`,
    ];
    expect(await warningsOf((onWarning) => model.fit(images, { ...fitting, onWarning }))).toEqual(
      names('SaladModel.fit'),
    );
    expect(await warningsOf((onWarning) => model.score(test, { onWarning }))).toEqual(
      names('SaladModel.score'),
    );
    expect(await warningsOf((onWarning) => model.nearest(test, { onWarning }))).toEqual(
      names('SaladModel.nearest'),
    );
    expect(await warningsOf((onWarning) => model.calibrate(normals(40), { onWarning }))).toEqual(
      names('SaladModel.calibrate'),
    );
    expect(
      await warningsOf(async (onWarning) => {
        for await (const _ of model.scoreStream([test], { onWarning }));
      }),
    ).toEqual(names('SaladModel.scoreStream'));
  });
});

it('an error of scoreStream names it', async () => {
  const stream = create().scoreStream([test]);
  await expect(stream.next()).rejects.toThrow(message('SaladModel.scoreStream', 'NOT_FITTED'));
});

it.each([
  ['memDae', memDae],
  ['untrainedEncoder', untrainedEncoder],
])('an error of %s names it', (name, make) => {
  const options = { backbone: tinyBackbone(), batchSize: 0 };
  expect(() => make(options)).toThrow(message(name, 'INVALID_OPTION'));
  options.backbone.dispose();
});

it('an error of the scheduler names the call that it is given', async () => {
  const scheduler = new ProgressiveNeighborhoodScheduler({ rounds: 1 });
  const bank = tf.fill<tf.Rank.R2>([3, 2], Number.NaN);
  const name = 'ProgressiveNeighborhoodScheduler.select';
  await expect(scheduler.select(bank, 1)).rejects.toThrow(message(name, 'NOT_FINITE'));
  const named = scheduler.select(bank, 1, 'SaladModel.fit');
  await expect(named).rejects.toThrow(message('SaladModel.fit', 'NOT_FINITE'));
  bank.dispose();
});

/** A backbone whose embeddings outside of training are zeros where it is made to fail. */
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

it('errors of what a call does within name the call alone', async () => {
  const own = tinyBackbone();
  const decode: Backbone['decode'] = (encoded) =>
    tf.zeros<tf.Rank.R4>([encoded.embeddings.shape[0], 2, 2, 1]);
  const model = tinyModel({ backbone: { ...own, decode } });
  await expect(model.fit(normals(6))).rejects.toThrow(
    /^SaladModel\.fit: images has shape .* but reconstructions has shape .*\[SHAPE_MISMATCH\]$/,
  );
  model.dispose();
  await expect(SaladModel.load(fileSystem('/nowhere'))).rejects.toThrow(
    /^SaladModel\.load: '\/nowhere\/model\.json' does not exist.*\[NOT_A_MODEL\]$/,
  );
});
