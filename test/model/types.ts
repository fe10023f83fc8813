// What the types must take and must refuse: checked by `npm run typecheck`, never run.
import type { io, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import {
  aggregationLoss,
  anomalyScore,
  type Backbone,
  checkEmbeddings,
  convAutoencoder,
  type EpochLog,
  findNeighborhoods,
  type ImageSource,
  latentLoss,
  localContrast,
  type MemoryBank,
  type NearestImage,
  nihPreset,
  ProgressiveNeighborhoodScheduler,
  SaladModel,
  type SaladOptions,
  type ScoreResult,
  sampleSpecificLoss,
} from '../../src/index.js';

declare const embeddings: Tensor2D;
declare const rowsOfBank: Tensor2D;
declare const bank: MemoryBank;
declare const images: Tensor4D;
declare const source: ImageSource;
declare const backbone: Backbone;
declare const handler: io.IOHandler;

/** Compiles only where both types are the same. */
function same<A>() {
  return <B extends A>(_: B, ..._proof: A extends B ? [] : [never]): void => {};
}

export async function primitives(): Promise<void> {
  const rows = [0, 1];
  const neighbors = [Int32Array.of(2, 3), Int32Array.of(4, 5)];
  // A bank is a MemoryBank or its rows.
  for (const either of [bank, rowsOfBank]) {
    same<Tensor1D>()(sampleSpecificLoss(embeddings, either, { rows }));
    same<Tensor1D>()(aggregationLoss(embeddings, either, { rows, neighbors, temperature: 0.1 }));
    latentLoss(embeddings, either, { rows, neighbors, anchors: [true, false], overlap: true });
    const { scores, scoreNeighbors } = anomalyScore(embeddings, either, {
      method: 'angular',
      discard: [false, true],
      ownRows: Int32Array.of(0, -1),
    });
    same<Tensor1D>()(scores);
    same<number>()(scoreNeighbors);
    await findNeighborhoods(either, { neighborhoodSize: 3 });
    const selection = await new ProgressiveNeighborhoodScheduler({ rounds: 4 }).select(either, 1);
    latentLoss(embeddings, either, {
      rows,
      anchors: rows.map((row) => selection.anchors[row]),
      neighbors: rows.map((row) => selection.neighbors[row]),
    });
  }
  same<void>()(await checkEmbeddings(embeddings));
  bank.update(rows, embeddings);
  bank.update(Int32Array.from(rows), embeddings, { momentum: 0.5 });

  // @ts-expect-error a loss needs to know the slots
  sampleSpecificLoss(embeddings, bank, {});
  // @ts-expect-error neighbours are an index matrix, never a count
  aggregationLoss(embeddings, bank, { rows, neighbors: 10 });
  // @ts-expect-error no such score
  anomalyScore(embeddings, bank, { method: 'cosine' });
  // @ts-expect-error an array is no tensor
  sampleSpecificLoss([[1, 0]], bank, { rows });
  // @ts-expect-error the rows are borrowed
  bank.rows = rowsOfBank;
}

export async function model(): Promise<void> {
  const created = SaladModel.create({
    ...nihPreset,
    backbone: { kind: 'convAutoencoder', inputShape: [64, 64, 1] },
    imageNormalization: localContrast({ radius: 12 }),
    augmentation: { rotation: 4 },
    resize: { method: 'area', fit: 'pad' },
    keep: 'bestValidation',
    seed: 7,
  });
  SaladModel.create({ backbone: (seed) => convAutoencoder({ inputShape: [64, 64, 1], seed }) });
  SaladModel.create({ backbone: { kind: 'resnetAutoencoder', inputShape: [64, 64, 1], width: 8 } });
  // @ts-expect-error no such kind
  SaladModel.create({ backbone: { kind: 'conv', inputShape: [64, 64, 1] } });
  // @ts-expect-error layers cannot be made of JSON at once
  SaladModel.create({ backbone: { kind: 'layersBackbone', encoder: {} } });
  // @ts-expect-error an option of the other kind
  SaladModel.create({ backbone: { kind: 'convAutoencoder', inputShape: [64, 64, 1], width: 8 } });
  // @ts-expect-error a promise is no backbone
  SaladModel.create({ backbone: async () => backbone });
  // @ts-expect-error a model needs a backbone
  SaladModel.create({ seed: 7 });
  // @ts-expect-error an unknown option
  SaladModel.create({ backbone, latentWieght: 0.1 });
  // @ts-expect-error an unknown field
  const options: SaladOptions = { backbone, epochs: 3 };
  // @ts-expect-error of the augmentation too
  SaladModel.create({ backbone, augmentation: { rotate: 4 } });
  // @ts-expect-error no such scale
  SaladModel.create({ backbone, lossScale: 'printed' });
  // @ts-expect-error settings do not change under a model
  created.settings.temperature = 0.2;

  const { signal } = new AbortController();
  const callbacks = {
    onEpochEnd: (_epoch: number, logs?: Record<string, number>) => (logs?.loss ?? 0) > 0.1,
    onBatchEnd: async () => {},
  };
  for (const either of [images, source]) {
    const history = await created.fit(either, { validation: either, signal, callbacks });
    same<readonly EpochLog[]>()(history.epochs);
    for await (const { epoch, secondsLeft } of created.train(either, { checkpoint: handler }))
      same<number>()(epoch + secondsLeft);
    const trainer = await created.trainer(either, { resume: true });
    const { loss, epochEnd } = await trainer.step();
    same<number>()(loss);
    same<EpochLog | undefined>()(epochEnd);
    same<ScoreResult>()(await created.score(either, { ownRows: [0] }));
    same<NearestImage[][]>()(await created.nearest(either, { count: 3 }));
    same<Tensor2D>()(await created.embed(either));
    same<Tensor4D>()(await created.reconstruct(either));
    await created.calibrate(either, { quantile: 0.9, normalizer: 'minMax' });
  }
  // @ts-expect-error callbacks are for fit
  created.train(images, { callbacks });
  // @ts-expect-error a loop of your own saves by itself
  await created.trainer(images, { checkpoint: handler });
  // @ts-expect-error a callback returns whether to go on, not a number
  await created.fit(images, { callbacks: { onEpochEnd: () => 1 } });

  for await (const { scores } of created.scoreStream([images, source]))
    same<Float32Array>()(scores);
  await created.save('indexeddb://chest', { includeTraining: true, includeIds: true });
  same<SaladModel>()(await SaladModel.load(handler, { backbone }));
  // @ts-expect-error only load and create make a model
  new SaladModel('here', options);
}
