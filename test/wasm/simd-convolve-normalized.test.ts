import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { convolution } from '../../src/backbones/layers/convolution.js';
import { normalization } from '../../src/backbones/layers/normalization.js';
import { RandomStream } from '../../src/support/random.js';
import { enableWasmTraining } from '../../src/wasm/index.js';
import { normal } from '../support/normal.js';
import { expectSameOnWasm } from './against-cpu.js';
import { covers } from './covers.js';
import { expectInBounds } from './guards.js';

covers('SaladConvolveNormalized');

beforeAll(() => enableWasmTraining());

interface Form {
  readonly size: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly kernel: number;
  readonly stride: number;
  readonly slope: number;
}

/** A layer with weights that are not those of the beginning. */
function layerOf({ inputs, outputs, kernel, stride, slope }: Form) {
  const normalized = normalization({ channels: outputs, slope, momentum: 0.9 });
  const { scale, offset, mean, variance } = normalized.weights;
  scale.assign(normal('scale', [outputs]) as tf.Tensor1D);
  offset.assign(normal('offset', [outputs]) as tf.Tensor1D);
  mean.assign(normal('mean', [outputs]) as tf.Tensor1D);
  variance.assign(tf.square(normal('variance', [outputs])) as tf.Tensor1D);
  const layer = convolution({
    ...{ inputChannels: inputs, outputChannels: outputs, kernelSize: kernel, stride },
    ...{ normalization: normalized, random: new RandomStream(3) },
  });
  const dispose = () => tf.dispose([...layer.trainable, ...layer.statistics]);
  return { layer, dispose };
}

const maps = ({ size, inputs }: Form, seed = 7) =>
  normal('x', [3, size, size + 1, inputs], seed) as tf.Tensor4D;

// In Winograd's forms, directly, of one place, and with channels that the kernel leaves to the caller.
const forms: Form[] = [
  { size: 16, inputs: 16, outputs: 16, kernel: 3, stride: 1, slope: 0.1 },
  { size: 30, inputs: 16, outputs: 24, kernel: 3, stride: 2, slope: 0 },
  { size: 9, inputs: 1, outputs: 16, kernel: 3, stride: 2, slope: 0.1 },
  { size: 5, inputs: 8, outputs: 8, kernel: 1, stride: 1, slope: 1 },
  { size: 5, inputs: 3, outputs: 6, kernel: 3, stride: 1, slope: 0.1 },
];

describe('a normalised convolution in inference', () => {
  it.each(forms.map((form) => [JSON.stringify(form), form] as const))(
    'as composed: %s',
    async (what, form) => {
      await expectSameOnWasm(what, () => {
        const { layer, dispose } = layerOf(form);
        // Of kept layouts from the second batch on.
        const outputs = [7, 8, 9].map((seed) => layer.apply(maps(form, seed), false));
        dispose();
        return outputs;
      });
    },
  );

  it('follows every one of its weights', async () => {
    await expectSameOnWasm('weights that change', () => {
      const form = forms[0];
      const { layer, dispose } = layerOf(form);
      const x = maps(form);
      const outputs = [layer.apply(x, false), layer.apply(x, false)];
      for (const variable of [...layer.trainable, ...layer.statistics]) {
        variable.assign(tf.add(variable, 0.25));
        outputs.push(layer.apply(x, false), layer.apply(x, false));
      }
      dispose();
      return outputs;
    });
  });

  it('has the gradient of the composed form', async () => {
    await expectSameOnWasm('by the input', () => {
      const form = forms[0];
      const { layer, dispose } = layerOf(form);
      const gradient = tf.grad((x: tf.Tensor) =>
        tf.sum(tf.square(layer.apply(x as tf.Tensor4D, false))),
      )(maps(form));
      dispose();
      return [gradient];
    });
  });

  it('writes nothing outside', async () => {
    for (const form of forms.slice(0, 4)) {
      await expectInBounds(() => {
        const { layer, dispose } = layerOf(form);
        const y = layer.apply(maps(form), false);
        dispose();
        return [y];
      });
    }
  });
});

it('a product follows its second factor that is written in place', async () => {
  await tf.setBackend('wasm');
  const values = tf.tidy(() => {
    const a = normal('a', [3, 5]) as tf.Tensor2D;
    const b = normal('b', [5, 8]) as tf.Tensor2D;
    const of = () => tf.matMul(a, b).dataSync();
    const before = [of(), of(), of()];
    expect(before[1]).toEqual(before[0]);
    expect(before[2]).toEqual(before[0]);
    tf.engine().runKernel('SaladWriteRows', { rows: b, values: tf.ones([1, 8]) }, {
      at: new Int32Array([2]),
    } as never);
    const written = tf.tensor2d(b.dataSync(), [5, 8]);
    return { after: of(), expected: tf.matMul(a, written).dataSync(), before: before[0] };
  });
  expect(values.after).toEqual(values.expected);
  expect(values.after).not.toEqual(values.before);
});
