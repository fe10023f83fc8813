import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { areaUnderRoc } from '../../src/metrics/roc.js';
import { enableWasmTraining } from '../../src/wasm/index.js';
import { expectNoLeak, useBackend } from '../support/backends.js';
import { heldModels, trainOn } from './held-models.js';
import { mixed, normals, outcome, tinyBackbone, tinyModel } from './tiny.js';

const hold = heldModels();
const tracked = (options?: Parameters<typeof tinyModel>[0]) => hold(tinyModel(options));

describe.each(['wasm', 'cpu'] as const)('fit (%s)', (backend) => {
  beforeAll(() => trainOn(backend));

  it('gives one seed one result, to the bit, and another seed another', async () => {
    const images = normals(12);
    const validation = mixed(4, 4, 2);
    const results = [];
    for (const seed of [5, 5, 6]) {
      const model = tracked({ seed, augmentation: { shift: 0.1, noise: 0.01 } });
      await model.fit(images, { validation });
      results.push(await outcome(model, validation));
    }
    expect(results[1]).toEqual(results[0]);
    expect(results[2].history[0].loss).not.toBe(results[0].history[0].loss);
    expect(results[2].scores).not.toEqual(results[0].scores);
  });

  it('leaves no tensor behind once disposed', async () => {
    const before = tf.memory().numTensors;
    const model = tinyModel({ keep: 'bestValidation' });
    const validation = mixed(4, 4, 2);
    await model.fit(normals(12), { validation });
    const fitted = tf.memory().numTensors;
    await model.score(validation);
    await model.nearest(validation);
    await model.calibrate(normals(4, 3));
    await model.refreshBank(normals(12));
    await model.extend(normals(3, 4));
    tf.dispose([await model.embed(validation), await model.reconstruct(validation)]);
    expect(tf.memory().numTensors).toBe(fitted);
    model.dispose();
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
  it.each(['encode', 'decode'] as const)(
    'an error of %s within a step leaves no tensor behind, and a model that scores',
    async (method) => {
      const backbone = tinyBackbone();
      let steps = 0;
      // Half of its work is done by then.
      const failing = (work: () => unknown, training: boolean) => {
        const done = work();
        if (training) steps += 1;
        if (training && steps === 2) throw new Error('mine');
        return done;
      };
      const model = tinyModel({
        backbone: {
          ...backbone,
          [method]: (given: never, training: boolean) =>
            failing(() => backbone[method]?.(given, training), training),
        },
      });
      const trainer = await model.trainer(normals(12));
      await trainer.step();
      await expectNoLeak(() => expect(trainer.step()).rejects.toThrow('mine'));
      expect(tf.engine().state.activeTape).toBeNull();
      await trainer.step();
      await trainer.finish();
      expect((await model.score(normals(2, 2))).scores.every(Number.isFinite)).toBe(true);
      model.dispose();
    },
  );
});

describe('fit', () => {
  beforeAll(async () => {
    await useBackend('wasm');
    enableWasmTraining();
  });

  it('learns: the loss falls, and what was never seen stands apart', async () => {
    const model = tracked({ pretrainEpochs: 8, rounds: 2, epochsPerRound: 3, latentWeight: 0.05 });
    const test = mixed(12, 12, 9);
    const { epochs, stopped } = await model.fit(normals(32), { validation: normals(24, 2) });
    expect(stopped).toBe(false);
    expect(epochs.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 14 }, (_, i) => i));
    expect(epochs.map(({ round }) => round)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 2]);
    expect(epochs.at(-1)!.reconstruction!).toBeLessThan(epochs[0].reconstruction! / 3);
    const { scores } = await model.score(test);
    expect(new Set(scores).size).toBe(24);
    expect(areaUnderRoc(scores, test.labels!)).toBeGreaterThan(0.9);
  });

  it('takes half of the rows as anchors in round 1 of 2, half up, and all in round 2', async () => {
    const model = tracked();
    const { epochs } = await model.fit(normals(9));
    expect(epochs.map(({ anchors }) => anchors)).toEqual([0, 5, 9]);
  });

  it('logs the share of known anomalies among the anchors', async () => {
    const model = tracked();
    const { epochs } = await model.fit(mixed(9, 3));
    expect(epochs[0].anchorAnomalyShare).toBeUndefined();
    const share = epochs[1].anchorAnomalyShare! * 6;
    expect(share).toBeCloseTo(Math.round(share), 12);
    expect(epochs[2].anchorAnomalyShare).toBe(3 / 12);
    const unlabelled = await tracked().fit(normals(12));
    expect(unlabelled.epochs[2]).not.toHaveProperty('anchorAnomalyShare');
  });

  it('trains on known anomalies and leaves their rows out of every score', async () => {
    const model = tracked({ scoreNeighbors: 50 });
    const train = mixed(9, 3);
    const read = new Set<number>();
    await model.fit({
      ...train,
      read: (indices) => {
        for (let i = 0; i < indices.length; i++) read.add(indices[i]);
        return train.read(indices);
      },
    });
    expect([...read].sort((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, i) => i));
    expect(model.bank.size).toBe(12);
    expect(model.discard.map(Number)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1]);
    const { nearestRows, scoreNeighbors } = await model.score(mixed(2, 2, 7));
    expect(scoreNeighbors).toBe(9);
    for (const rows of nearestRows) expect(Math.max(...rows)).toBeLessThan(9);
  });

  it('reads every image once an epoch, in an order that changes', async () => {
    const images = normals(10);
    const orders: number[][] = [];
    const model = tracked({ pretrainEpochs: 2, rounds: 0 });
    const trainer = await model.trainer({
      ...images,
      read: (indices) => {
        orders.push(Array.from(indices));
        return images.read(indices);
      },
    });
    orders.length = 0;
    while (!trainer.done) await trainer.step();
    expect(orders.map((order) => order.length)).toEqual([3, 3, 4, 3, 3, 4]);
    const all = Array.from({ length: 10 }, (_, i) => i);
    const epochs = [orders.slice(0, 3).flat(), orders.slice(3).flat()];
    for (const epoch of epochs) expect([...epoch].sort((a, b) => a - b)).toEqual(all);
    expect(epochs[1]).not.toEqual(epochs[0]);
  });

  it('keeps the weights of the best epoch where validation chooses', async () => {
    const validation = mixed(5, 5, 2);
    const options = { pretrainEpochs: 4, rounds: 1, learningRate: 0.05, seed: 2 } as const;
    const best = tracked({ ...options, keep: 'bestValidation' });
    const history = await best.fit(normals(12), { validation });
    const aucs = history.epochs.map(({ validationAuc }) => validationAuc!);
    const top = Math.max(...aucs);
    expect(history.best).toEqual({ epoch: aucs.indexOf(top), validationAuc: top });
    const { scores } = await best.score(validation);
    expect(areaUnderRoc(scores, validation.labels!)).toBe(top);
    const last = tracked({ ...options, keep: 'last' });
    await last.fit(normals(12), { validation });
    expect(last.history.map(({ validationAuc }) => validationAuc)).toEqual(aucs);
    const lastScores = (await last.score(validation)).scores;
    expect(areaUnderRoc(lastScores, validation.labels!)).toBe(aucs.at(-1));
  });

  it('the AUC of an epoch is that of the model then: anew encoded bank, anomalies discarded', async () => {
    const validation = mixed(8, 8, 2);
    const model = tracked({ rounds: 0, scoreNeighbors: 1 });
    const { epochs } = await model.fit(mixed(8, 6), { validation });
    const { scores } = await model.score(validation);
    expect(epochs[0].validationAuc).toBe(areaUnderRoc(scores, validation.labels!));
    const all = { ...mixed(8, 6), labels: undefined };
    await model.refreshBank(all);
    const kept = await model.score(validation);
    expect(areaUnderRoc(kept.scores, validation.labels!)).not.toBe(epochs[0].validationAuc);
  });

  it('scores with a bank encoded anew after training', async () => {
    const images = normals(12);
    const model = tracked();
    await model.fit(images);
    const encoded = await model.embed(images);
    expect(await model.bank.rows.array()).toEqual(await encoded.array());
    encoded.dispose();
  });

  it('calibrates on validation normals only', async () => {
    const model = tracked();
    const validation = mixed(6, 6, 2);
    await model.fit(normals(12), { validation });
    const { threshold } = model;
    await model.calibrate(normalsOf(validation, 6));
    expect(model.threshold).toBe(threshold);
    expect((await model.score(normals(2))).threshold).toBe(threshold);
  });

  it('tells when the threshold rests on few images or neighbours were clamped', async () => {
    const codes: string[] = [];
    const onWarning = ({ code }: { code: string }) => codes.push(code);
    const model = tracked({ scoreNeighbors: 100 });
    await model.fit(normals(12), { validation: normals(6, 2), onWarning });
    expect(codes).toEqual([
      'SCORE_NEIGHBORS_CLAMPED',
      'SCORE_IS_CONSTANT',
      'FEW_VALIDATION_NORMALS',
    ]);
    codes.length = 0;
    await tracked().fit(normals(12), { validation: normals(20, 2), onWarning });
    expect(codes).toEqual([]);
  });
});

function normalsOf(source: ReturnType<typeof mixed>, count: number) {
  const { labels: _, ...rest } = source;
  return { ...rest, length: count, ids: source.ids.slice(0, count) };
}
