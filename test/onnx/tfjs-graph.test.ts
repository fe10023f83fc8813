import { type GraphModel, loadGraphModel } from '@tensorflow/tfjs-converter';
import { beforeAll, expect, test } from 'vitest';
import { frozenEncoder } from '../../src/encoders/index.js';
import { arraySource, type ImageSource, SaladModel } from '../../src/index.js';
import { toOnnx } from '../../src/onnx/index.js';
import { RandomStream } from '../../src/support/random.js';
import { expectNoLeak, useBackend } from '../support/backends.js';
import { expectClose, numbersOf, ranOn } from './session.js';

beforeAll(() => useBackend('wasm'));

// Graphs as tfjs-converter reads them from model.json, node by node.

type Attributes = Readonly<Record<string, unknown>>;
interface Weight {
  readonly values: readonly number[];
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32';
}
type Nodes = Readonly<
  Record<
    string,
    Weight | { readonly op: string; readonly input: readonly string[]; readonly attr?: Attributes }
  >
>;

const stream = new RandomStream(1, ['weights']);
const sized = (shape: readonly number[]) => shape.reduce((all, side) => all * side, 1);
const drawn = (...shape: number[]): Weight => ({
  values: Array.from({ length: sized(shape) }, () => 0.1 + 0.5 * stream.gaussian()),
  shape,
  dtype: 'float32',
});
const above0 = (...shape: number[]): Weight => ({
  ...drawn(...shape),
  values: Array.from({ length: sized(shape) }, () => 0.5 + stream.uniform()),
});
const whole = (values: readonly number[]): Weight => ({
  values,
  shape: [values.length],
  dtype: 'int32',
});

const text = (value: string) => ({ s: btoa(value) });
const texts = (...values: string[]) => ({ list: { s: values.map((value) => btoa(value)) } });
const sizes = (...values: number[]) => ({ list: { i: values.map(String) } });
const window = (padding: string, strides = 1, dilations = 1) => ({
  padding: text(padding),
  data_format: text('NHWC'),
  strides: sizes(1, strides, strides, 1),
  dilations: sizes(1, dilations, dilations, 1),
  explicit_paddings: { list: {} },
});
const fused = (...names: string[]) => ({
  fused_ops: texts(...names),
  num_args: { i: String(names.includes('Prelu') ? 2 : 1) },
  epsilon: { f: 0 },
  leakyrelu_alpha: { f: 0.3 },
});
const node = (op: string, input: readonly string[], attr: Attributes = {}) => ({ op, input, attr });

async function graphModel(nodes: Nodes): Promise<GraphModel> {
  const weights = Object.entries(nodes).filter(
    (one): one is [string, Weight] => 'values' in one[1],
  );
  const data = weights.map(([, { values, dtype }]) =>
    dtype === 'int32' ? Int32Array.from(values) : Float32Array.from(values),
  );
  const topology = Object.entries(nodes).map(([name, one]) =>
    'values' in one
      ? {
          name,
          op: 'Const',
          input: [],
          attr: { dtype: { type: one.dtype === 'int32' ? 'DT_INT32' : 'DT_FLOAT' } },
        }
      : { name, ...one, attr: { T: { type: 'DT_FLOAT' }, ...one.attr } },
  );
  const placeholder = {
    name: 'images',
    op: 'Placeholder',
    input: [],
    attr: { dtype: { type: 'DT_FLOAT' } },
  };
  const bytes = new Uint8Array(await new Blob(data).arrayBuffer());
  return loadGraphModel({
    load: async () => ({
      format: 'graph-model',
      modelTopology: { node: [placeholder, ...topology], versions: { producer: 1 } },
      weightSpecs: weights.map(([name, { shape, dtype }]) => ({ name, shape: [...shape], dtype })),
      weightData: bytes.buffer,
    }),
  });
}

const SHAPE = [13, 10, 1] as const;
function films(count: number, seed: number): ImageSource {
  const random = new RandomStream(seed, ['films']);
  const pixels = Uint8Array.from({ length: count * 130 }, () => random.integer(256));
  return arraySource({ pixels, shape: SHAPE });
}

async function modelOf(nodes: Nodes, maps: readonly string[]): Promise<SaladModel> {
  const model = await graphModel(nodes);
  const backbone = await frozenEncoder({ inputShape: SHAPE, model, maps, mean: 0.2 });
  const found = SaladModel.create({ backbone, score: 'both' });
  await found.fit(films(30, 1), { validation: films(24, 2) });
  return found;
}

const stem: Nodes = {
  'stem/filter': drawn(3, 3, 3, 6),
  stem: node('Conv2D', ['images', 'stem/filter'], window('SAME')),
};
const bias: Nodes = { filter: drawn(3, 3, 6, 4), bias: drawn(4), alpha: drawn(1, 1, 4) };

test.each<[string, Nodes]>([
  [
    'a bias and a relu of their own, valid',
    {
      ...bias,
      conv: node('Conv2D', ['stem', 'filter'], window('VALID', 2)),
      sum: node('BiasAdd', ['conv', 'bias']),
      last: node('Relu', ['sum:0', '^stem']),
    },
  ],
  [
    'fused, with a relu6, dilated',
    {
      ...bias,
      last: node('_FusedConv2D', ['stem', 'filter', 'bias'], {
        ...window('SAME', 1, 2),
        ...fused('BiasAdd', 'Relu6'),
      }),
    },
  ],
  [
    'fused, with slopes',
    {
      ...bias,
      last: node('_FusedConv2D', ['stem', 'filter', 'bias', 'alpha'], {
        ...window('SAME', 2),
        ...fused('BiasAdd', 'Prelu'),
      }),
    },
  ],
  [
    'a leaky relu within and one of its own',
    {
      ...bias,
      conv: node('_FusedConv2D', ['stem', 'filter', 'bias'], {
        ...window('SAME', 2),
        ...fused('BiasAdd', 'LeakyRelu'),
      }),
      last: node('LeakyRelu', ['conv'], { alpha: { f: 0.1 } }),
    },
  ],
  [
    'padding in numbers',
    {
      ...bias,
      last: node('Conv2D', ['stem', 'filter'], {
        ...window('EXPLICIT', 2),
        explicit_paddings: sizes(0, 0, 1, 0, 0, 2, 0, 0),
      }),
    },
  ],
  [
    'depthwise, fused and not',
    {
      filter: drawn(3, 3, 6, 1),
      bias: drawn(6),
      fused: node('FusedDepthwiseConv2dNative', ['stem', 'filter', 'bias'], {
        ...window('SAME', 2),
        ...fused('BiasAdd', 'Relu'),
      }),
      wide: drawn(2, 2, 6, 2),
      last: node('DepthwiseConv2dNative', ['fused', 'wide'], window('VALID')),
    },
  ],
  [
    'a normalisation, a pad and both poolings',
    {
      scale: drawn(6),
      offset: drawn(6),
      mean: drawn(6),
      variance: above0(6),
      normal: node('FusedBatchNormV3', ['stem', 'scale', 'offset', 'mean', 'variance'], {
        epsilon: { f: 0.01 },
        is_training: { b: false },
        data_format: text('NHWC'),
      }),
      pads: { values: [0, 0, 1, 0, 2, 1, 0, 0], shape: [4, 2], dtype: 'int32' },
      padded: node('Pad', ['normal', 'pads'], { Tpaddings: { type: 'DT_INT32' } }),
      most: node('MaxPool', ['padded'], { ...window('SAME', 2), ksize: sizes(1, 3, 3, 1) }),
      last: node('AvgPool', ['most'], { ...window('SAME', 2), ksize: sizes(1, 2, 2, 1) }),
    },
  ],
  [
    'gates by means of each channel, and maps side by side',
    {
      axes: whole([1, 2]),
      means: node('Mean', ['stem', 'axes'], { keep_dims: { b: false } }),
      matrix: drawn(6, 6),
      shift: drawn(6),
      linear: node('_FusedMatMul', ['means', 'matrix', 'shift'], {
        transpose_a: { b: false },
        transpose_b: { b: false },
        ...fused('BiasAdd', 'Relu'),
      }),
      turned: drawn(6, 6),
      gates: node('MatMul', ['linear', 'turned'], {
        transpose_a: { b: false },
        transpose_b: { b: true },
      }),
      squeezed: node('Sigmoid', ['gates']),
      shape: whole([-1, 1, 1, 6]),
      places: node('Reshape', ['squeezed', 'shape'], { Tshape: { type: 'DT_INT32' } }),
      gated: node('Mul', ['stem', 'places']),
      factor: { values: [1.5], shape: [], dtype: 'float32' },
      scaled: node('Mul', ['gated', 'factor']),
      each: drawn(1, 1, 1, 6),
      sum: node('AddV2', ['scaled', 'each']),
      added: node('AddV2', ['sum', 'stem']),
      axis: { values: [3], shape: [], dtype: 'int32' },
      last: node('ConcatV2', ['added', 'stem', 'axis'], {
        N: { i: '2' },
        Tidx: { type: 'DT_INT32' },
      }),
    },
  ],
])('a frozen encoder of a GraphModel goes into the graph: %s', async (_, nodes) => {
  const end = { output: node('Identity', ['last']) };
  const model = await modelOf({ ...stem, ...nodes, ...end }, ['stem', 'output']);
  const expected = await model.score(films(5, 3));
  const outputs = await expectNoLeak(() => ranOn(model, films(5, 3)));
  expectClose(numbersOf(outputs, 'angular'), expected.angular);
  expectClose(numbersOf(outputs, 'cells'), expected.cells as Float32Array);
  expectClose(numbersOf(outputs, 'score'), expected.scores, 5e-4);
  model.dispose();
});

test('what the converter reads as something else is not written', async () => {
  const last = node('FusedDepthwiseConv2dNative', ['stem', 'filter', 'bias'], {
    ...window('SAME'),
    ...fused('BiasAdd', 'LeakyRelu'),
  });
  const nodes = { ...stem, filter: drawn(3, 3, 6, 1), bias: drawn(6), last };
  const model = await modelOf(nodes, ['last']);
  await expect(toOnnx(model)).rejects.toThrow(/FusedDepthwiseConv2dNative with a leaky ReLU/);
  model.dispose();
});

test('names an operation that is not written, and a model that cannot be read', async () => {
  const model = await modelOf({ ...stem, last: node('Sin', ['stem']) }, ['last']);
  await expect(toOnnx(model)).rejects.toThrow(/'last' is a Sin/);
  model.dispose();
  const inner = await graphModel(stem);
  const wrapped = { execute: (inputs: never, names: string[]) => inner.execute(inputs, names) };
  const backbone = await frozenEncoder({ inputShape: SHAPE, model: wrapped, maps: ['stem'] });
  const other = SaladModel.create({ backbone });
  await other.fit(films(24, 1));
  await expect(toOnnx(other)).rejects.toThrow(/loadGraphModel/);
  other.dispose();
});
