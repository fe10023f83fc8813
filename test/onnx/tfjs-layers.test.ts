import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import { initializers, type LayersModel, layers, model, sequential } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, test } from 'vitest';
import { combinedDetector } from '../../src/baselines/index.js';
import { frozenEncoder } from '../../src/encoders/index.js';
import {
  arraySource,
  type Backbone,
  type ImageSource,
  layersBackbone,
  SaladModel,
} from '../../src/index.js';
import { toOnnx } from '../../src/onnx/index.js';
import { RandomStream } from '../../src/support/random.js';
import { enableWasmTraining } from '../../src/wasm/index.js';
import { memoryFile, mixed, normals, tinyModel } from '../model/tiny.js';
import { expectNoLeak, useBackend } from '../support/backends.js';
import { expectClose, numbersOf, ran, ranOn } from './session.js';

beforeAll(async () => {
  await useBackend('wasm');
  enableWasmTraining();
});

const SHAPE = [13, 10, 1] as const;
const seeds = new RandomStream(1, ['weights']);
const seed = () => seeds.integer(1e6);
const random = () => initializers.randomNormal({ mean: 0.1, stddev: 0.5, seed: seed() });
const above0 = () => initializers.randomUniform({ minval: 0.5, maxval: 2, seed: seed() });
const weights = () => ({ kernelInitializer: random(), biasInitializer: random() });
const depthwise = () => ({ depthwiseInitializer: random(), biasInitializer: random() });
const normalization = (options: object = {}) =>
  layers.batchNormalization({
    gammaInitializer: random(),
    betaInitializer: random(),
    movingMeanInitializer: random(),
    movingVarianceInitializer: above0(),
    ...options,
  });

function films(count: number, seed: number): ImageSource {
  const stream = new RandomStream(seed, ['films']);
  const pixels = Uint8Array.from({ length: count * 130 }, () => stream.integer(256));
  return arraySource({ pixels, shape: SHAPE });
}

/** Scores of a frozen model and of its file, which are to be the same. */
async function expectSame(encoder: LayersModel, maps: readonly string[], channels = 1) {
  const backbone = await frozenEncoder({
    inputShape: SHAPE,
    model: encoder,
    maps,
    channels,
    mean: 0.2,
    deviation: 0.5,
  });
  const found = SaladModel.create({ backbone, score: 'both' });
  await found.fit(films(30, 1), { validation: films(24, 2) });
  const expected = await found.score(films(5, 3));
  const outputs = await expectNoLeak(() => ranOn(found, films(5, 3)));
  expectClose(numbersOf(outputs, 'angular'), expected.angular);
  expectClose(numbersOf(outputs, 'cells'), expected.cells as Float32Array);
  expectClose(numbersOf(outputs, 'score'), expected.scores, 5e-4);
  found.dispose();
  encoder.dispose();
}

type Step = (map: SymbolicTensor) => SymbolicTensor;
const step =
  (layer: { apply(input: SymbolicTensor | SymbolicTensor[]): unknown }): Step =>
  (map) =>
    layer.apply(map) as SymbolicTensor;
const merged =
  (layer: { apply(input: SymbolicTensor[]): unknown }): Step =>
  (map) =>
    layer.apply([
      map,
      layers.conv2d({ filters: 6, kernelSize: 1, ...weights() }).apply(map) as SymbolicTensor,
    ]) as SymbolicTensor;

/** What comes between a map of 6 channels and a last convolution. */
const STEPS: Readonly<Record<string, () => Step>> = {
  'conv2d, valid, of a broad kernel and two strides': () =>
    step(layers.conv2d({ filters: 5, kernelSize: [2, 3], strides: [2, 1], ...weights() })),
  'conv2d, dilated': () =>
    step(
      layers.conv2d({ filters: 5, kernelSize: 3, dilationRate: 2, padding: 'same', ...weights() }),
    ),
  'depthwiseConv2d of two a channel': () =>
    step(
      layers.depthwiseConv2d({
        kernelSize: 3,
        strides: 2,
        depthMultiplier: 2,
        padding: 'same',
        activation: 'relu6',
        ...depthwise(),
      }),
    ),
  separableConv2d: () =>
    step(
      layers.separableConv2d({
        filters: 4,
        kernelSize: 3,
        strides: 2,
        padding: 'same',
        depthMultiplier: 2,
        pointwiseInitializer: random(),
        ...depthwise(),
      }),
    ),
  batchNormalization: () => step(normalization()),
  'batchNormalization without scale and center': () =>
    step(normalization({ scale: false, center: false })),
  ...Object.fromEntries(
    (['elu', 'selu', 'relu', 'relu6', 'sigmoid', 'tanh', 'softplus', 'softsign'] as const).map(
      (activation) => [activation, () => step(layers.activation({ activation }))],
    ),
  ),
  ...Object.fromEntries(
    (['hardSigmoid', 'softmax', 'swish', 'mish'] as const).map((activation) => [
      activation,
      () => step(layers.activation({ activation })),
    ]),
  ),
  'reLU with a maximum': () => step(layers.reLU({ maxValue: 0.7 })),
  leakyReLU: () => step(layers.leakyReLU({ alpha: 0.2 })),
  'elu, a layer': () => step(layers.elu()),
  'prelu of each place': () => step(layers.prelu({ alphaInitializer: random() })),
  'prelu of channels': () => step(layers.prelu({ alphaInitializer: random(), sharedAxes: [1, 2] })),
  'maxPooling2d, same': () =>
    step(layers.maxPooling2d({ poolSize: 3, strides: 2, padding: 'same' })),
  'maxPooling2d, valid': () => step(layers.maxPooling2d({ poolSize: 2 })),
  'averagePooling2d, same': () =>
    step(layers.averagePooling2d({ poolSize: [3, 2], strides: [2, 2], padding: 'same' })),
  zeroPadding2d: () =>
    step(
      layers.zeroPadding2d({
        padding: [
          [1, 2],
          [0, 3],
        ],
      }),
    ),
  'zeroPadding2d before maxPooling2d, valid': () => (map) =>
    layers
      .maxPooling2d({ poolSize: 2, strides: 1 })
      .apply(layers.zeroPadding2d({ padding: 1 }).apply(map)) as SymbolicTensor,
  'zeroPadding2d before averagePooling2d, same': () => (map) =>
    layers
      .averagePooling2d({ poolSize: 2, strides: 1, padding: 'same' })
      .apply(layers.zeroPadding2d({ padding: 2 }).apply(map)) as SymbolicTensor,
  cropping2D: () =>
    step(
      layers.cropping2D({
        cropping: [
          [1, 0],
          [0, 2],
        ],
      }),
    ),
  'upSampling2d, nearest': () => step(layers.upSampling2d({ size: [2, 3] })),
  'upSampling2d, bilinear': () => step(layers.upSampling2d({ interpolation: 'bilinear' })),
  add: () => merged(layers.add()),
  multiply: () => merged(layers.multiply()),
  average: () => merged(layers.average()),
  maximum: () => merged(layers.maximum()),
  minimum: () => merged(layers.minimum()),
  concatenate: () => merged(layers.concatenate()),
  'concatenate rows': () => merged(layers.concatenate({ axis: 1 })),
  'dense of each place': () =>
    step(layers.dense({ units: 5, activation: 'softmax', ...weights() })),
  'reshape and dropout': () => (map) => {
    const shape = map.shape.slice(1) as number[];
    const turned = layers.reshape({ targetShape: [shape[1], -1, 3] }).apply(map);
    return layers.dropout({ rate: 0.5 }).apply(turned) as SymbolicTensor;
  },
  'squeeze and excitation': () => (map) => {
    const means = layers.globalAveragePooling2d({ dataFormat: 'channelsLast' }).apply(map);
    const most = layers.globalMaxPooling2d({ dataFormat: 'channelsLast' }).apply(map);
    const both = layers.concatenate().apply([means, most] as SymbolicTensor[]);
    const gates = layers.dense({ units: 6, activation: 'sigmoid', ...weights() }).apply(both);
    const places = layers.reshape({ targetShape: [1, 1, 6] }).apply(gates) as SymbolicTensor;
    return layers.multiply().apply([map, places]) as SymbolicTensor;
  },
  'a model within, twice': () => (map) => {
    const inner = sequential({
      layers: [
        layers.conv2d({ inputShape: map.shape.slice(1), filters: 6, kernelSize: 1, ...weights() }),
        layers.activation({ activation: 'tanh' }),
      ],
    });
    return inner.apply(inner.apply(map)) as SymbolicTensor;
  },
};

describe('a frozen encoder of a LayersModel', () => {
  test.each(Object.keys(STEPS))('%s', async (name) => {
    const first = layers.conv2d({
      inputShape: [...SHAPE],
      filters: 6,
      kernelSize: 3,
      strides: 1,
      padding: 'same',
      ...weights(),
    });
    const start = sequential({ layers: [first] });
    const between = STEPS[name]()(start.outputs[0]);
    const shown = layers.conv2d({ filters: 7, kernelSize: 1, ...weights() });
    const last = shown.apply(between) as SymbolicTensor;
    const encoder = model({ inputs: start.inputs, outputs: last });
    await expectSame(encoder, [first.name, shown.name]);
  });
});

type Between = Parameters<ReturnType<typeof sequential>['add']>[0];

/** A layersBackbone with a decoder, whose map cells are read from. */
function autoencoder(between: Between = normalization()): Backbone {
  const shown = layers.leakyReLU({ alpha: 0.1 });
  const encoder = sequential({
    layers: [
      layers.conv2d({ inputShape: [8, 8, 1], filters: 4, kernelSize: 3, strides: 2, ...weights() }),
      between,
      shown,
      layers.flatten(),
      layers.dense({ units: 6, ...weights() }),
    ],
  });
  const decoder = sequential({
    layers: [
      layers.dense({ inputShape: [6], units: 32, activation: 'tanh', ...weights() }),
      layers.reshape({ targetShape: [4, 4, 2] }),
      layers.upSampling2d({}),
      layers.conv2d({ filters: 1, kernelSize: 3, padding: 'same', ...weights() }),
    ],
  });
  return layersBackbone({ encoder, decoder, maps: [shown.name] });
}

test('a normalisation along rows, of which tfjs makes something else, is not written', async () => {
  const conv2d = layers.conv2d({ inputShape: [...SHAPE], filters: 6, kernelSize: 3, ...weights() });
  const encoder = sequential({ layers: [conv2d, normalization({ axis: 1 })] });
  const maps = [encoder.layers[1].name];
  const backbone = await frozenEncoder({ inputShape: SHAPE, model: encoder, maps, channels: 1 });
  const found = SaladModel.create({ backbone });
  await found.fit(films(24, 1));
  await expect(toOnnx(found)).rejects.toThrow(/BatchNormalization along dimension 1/);
  found.dispose();
  encoder.dispose();
});

describe('a layersBackbone', () => {
  test('scores and repeats films as the model does, learnt and loaded', async () => {
    const own = tinyModel({ backbone: autoencoder(), score: 'both' });
    const terms = ['own.embedding', 'own.cells', 'own.error'] as const;
    const detector = combinedDetector({ models: { own }, terms });
    await detector.fit(normals(30), { validation: normals(24, 3, 'validation') });
    const { bytes } = await expectNoLeak(() => toOnnx(detector));
    const { pixels } = await mixed(5, 4, 7).read([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    const outputs = await ran(bytes, pixels, [9, 8, 8, 1]);
    const expected = await detector.score(mixed(5, 4, 7));
    for (const name of terms) expectClose(numbersOf(outputs, name), expected.terms[name], 5e-4);
    const file = memoryFile();
    await own.save(file);
    const loaded = await SaladModel.load(file);
    const { scores } = await loaded.score(mixed(5, 4, 7));
    expectClose(numbersOf(await ranOn(loaded, mixed(5, 4, 7)), 'score'), scores, 5e-4);
    loaded.dispose();
    detector.dispose();
  });

  test.each([
    [() => layers.layerNormalization(), /'layer_normalization.*' is a LayerNormalization/],
    [() => layers.activation({ activation: 'gelu' as 'relu' }), /'activation.*' is 'gelu'/],
  ])('names a layer that is not written, %#', async (layer, message) => {
    const own = tinyModel({ backbone: autoencoder(layer()) });
    await own.fit(normals(24));
    await expect(toOnnx(own)).rejects.toThrow(message);
    own.dispose();
  });
});
