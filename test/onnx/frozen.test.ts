import * as ort from 'onnxruntime-node';
import { beforeAll, expect, test } from 'vitest';
import { frozenEncoder } from '../../src/encoders/index.js';
import { arraySource, type ImageSource, localContrast, SaladModel } from '../../src/index.js';
import { Graph } from '../../src/onnx/graph.js';
import { toOnnx } from '../../src/onnx/index.js';
import { encodeModel } from '../../src/onnx/model-proto.js';
import { floats } from '../../src/onnx/tensor-data.js';
import { RandomStream } from '../../src/support/random.js';
import { useBackend } from '../support/backends.js';
import { expectClose, numbersOf, ran } from './session.js';

beforeAll(() => useBackend('wasm'));

const about = { description: '', metadata: {}, dataFile: 'data' };

/** Two convolutions that halve the film, and a branch within, of names that our graph has too; 3 channels. */
function encoderBytes(layout: 'nchw' | 'nhwc', opset: number): Uint8Array {
  const random = new RandomStream(1, ['encoder']);
  const drawn = (...dims: number[]) =>
    floats(
      Float32Array.from({ length: dims.reduce((a, b) => a * b) }, () => 0.3 * random.gaussian()),
      dims,
    );
  const graph = new Graph('', opset);
  const last = layout === 'nhwc';
  const dims = last ? ['n', 16, 14, 3] : ['n', 3, 16, 14];
  let value = graph.input({ name: 'images', type: 'float32', dims });
  if (last) value = graph.node('Transpose', [value], { perm: { ints: [0, 3, 1, 2] } });
  const options = { strides: { ints: [2, 2] }, pads: { ints: [1, 1, 1, 1] } };
  [4, 6].forEach((channels, level) => {
    const filter = graph.constant(drawn(channels, level === 0 ? 3 : 4, 3, 3));
    value = graph.node('Tanh', [graph.node('Conv', [value, filter], options)]);
    const one = new Graph('inner_', opset);
    const branch = { type: 'float32' as const, dims: ['n', channels, 'h', 'w'] };
    one.output(one.node('Mul', [value, one.float(1.5)]), { ...branch, name: `inner_${level}` });
    const other = new Graph('outer_', opset);
    other.output(value, { ...branch, name: `outer_${level}` });
    const size = graph.node('Size', [value]);
    value = graph.node('If', [graph.node('Greater', [size, graph.long(0)])], {
      then_branch: { graph: one },
      else_branch: { graph: other },
    });
    const shown = last ? graph.node('Transpose', [value], { perm: { ints: [0, 2, 3, 1] } }) : value;
    graph.output(shown, {
      name: level === 0 ? 'score' : 'deep',
      type: 'float32',
      dims: ['n', 'a', 'b', 'c'],
    });
  });
  return encodeModel(graph, about).bytes;
}

function films(count: number, seed: number): ImageSource {
  const random = new RandomStream(seed, ['films']);
  const pixels = Uint8Array.from({ length: count * 20 * 15 }, () => random.integer(256));
  return arraySource({ pixels, shape: [20, 15, 1] });
}

async function modelOf(bytes: Uint8Array, layout: 'nchw' | 'nhwc'): Promise<SaladModel> {
  const session = await ort.InferenceSession.create(bytes);
  const backbone = await frozenEncoder({
    inputShape: [16, 14, 1],
    session,
    Tensor: ort.Tensor,
    layout,
    mean: [0.1, 0.2, 0.3],
    deviation: [1, 2, 0.5],
  });
  const resize = { method: 'area', fit: 'stretch' } as const;
  const imageNormalization = localContrast();
  const model = SaladModel.create({ backbone, resize, imageNormalization, score: 'both' });
  await model.fit(films(30, 1), { validation: films(24, 2) });
  return model;
}

test.each([
  ['nchw', 17],
  ['nhwc', 20],
] as const)(
  'a frozen encoder of an .onnx file, %s in opset %d, goes into the graph',
  async (layout, opset) => {
    const encoder = encoderBytes(layout, opset);
    const model = await modelOf(encoder, layout);
    const expected = await model.score(films(5, 3));
    const { bytes } = await toOnnx(model, { encoder, layout });
    const { pixels } = await films(5, 3).read([0, 1, 2, 3, 4]);
    const outputs = await ran(bytes, pixels, [5, 20, 15, 1], 255);
    expectClose(numbersOf(outputs, 'angular'), expected.angular);
    expectClose(numbersOf(outputs, 'cells'), expected.cells as Float32Array);
    expectClose(numbersOf(outputs, 'score'), expected.scores, 5e-4);
    expect(numbersOf(outputs, 'nearestRows')).toEqual(
      expected.nearestRows.flatMap((rows) => [...rows]),
    );
    model.dispose();
  },
);

test('asks for the file, and refuses what is none', async () => {
  const encoder = encoderBytes('nchw', 17);
  const model = await modelOf(encoder, 'nchw');
  await expect(toOnnx(model)).rejects.toThrow(/encoder was not given/);
  await expect(toOnnx(model, { encoder, maps: ['deep'] })).rejects.toThrow(/encoder has 1/);
  await expect(toOnnx(model, { encoder, maps: ['depth'] })).rejects.toThrow(/'depth'/);
  await expect(toOnnx(model, { encoder: encoder.slice(0, 99) })).rejects.toThrow(/whole file/);
  await expect(toOnnx(model, { encoder: encoderBytes('nchw', 11) })).rejects.toThrow(/opset 11/);
  const split = encodeModel(new Graph(), about);
  await expect(toOnnx(model, { encoder: split.bytes })).rejects.toThrow(/one input/);
  model.dispose();
});
