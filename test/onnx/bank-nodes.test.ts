import { expect, test } from 'vitest';
import { equalize } from '../../src/index.js';
import { bankScores } from '../../src/onnx/bank-nodes.js';
import { bankBlocks } from '../../src/onnx/bank-rows.js';
import { cellScores } from '../../src/onnx/cell-nodes.js';
import { Graph } from '../../src/onnx/graph.js';
import { encodeModel } from '../../src/onnx/model-proto.js';
import { normalizedImages } from '../../src/onnx/normalization-nodes.js';
import { type ElementType, floats } from '../../src/onnx/tensor-data.js';
import { RandomStream } from '../../src/support/random.js';
import { expectClose, fed, numbersOf } from './session.js';

const about = { description: '', metadata: {}, dataFile: 'data' };

function unitRows(count: number, dim: number, seed: number): Float32Array {
  const random = new RandomStream(seed, ['rows']);
  const rows = Float32Array.from({ length: count * dim }, () => random.gaussian());
  for (let row = 0; row < count; row++) {
    const one = rows.subarray(row * dim, (row + 1) * dim);
    const length = Math.hypot(...one);
    one.forEach((value, i) => {
      one[i] = value / length;
    });
  }
  return rows;
}

test('a bank of several blocks scores as a plain loop does, equal rows in order', async () => {
  const [size, dim, k] = [20001, 6, 5];
  const rows = unitRows(size, dim, 1);
  // The first query is row 17500 and row 3; the lower one is the nearer of the two.
  rows.copyWithin(3 * dim, 17500 * dim, 17501 * dim);
  const queries = unitRows(3, dim, 2);
  queries.set(rows.subarray(3 * dim, 4 * dim));
  const graph = new Graph();
  const embeddings = graph.input({ name: 'embeddings', type: 'float32', dims: ['n', dim] });
  const numbers = Array.from({ length: size }, (_, i) => 2 * i);
  const bank = { blocks: bankBlocks(graph, rows, dim, 'float32'), kept: size, numbers };
  expect(bank.blocks.length).toBeGreaterThan(1);
  const found = bankScores(graph, embeddings, bank, k);
  const types = { relative: 'float64', angular: 'float64', nearest: 'int64', angles: 'float32' };
  for (const [name, value] of Object.entries(found))
    graph.output(value, {
      name,
      type: types[name as keyof typeof types] as ElementType,
      dims: name === 'nearest' || name === 'angles' ? ['n', 'k'] : ['n'],
    });
  const outputs = await fed(encodeModel(graph, about).bytes, { embeddings: [queries, [3, dim]] });
  for (let query = 0; query < 3; query++) {
    const own = queries.subarray(query * dim, (query + 1) * dim);
    const angles = Array.from({ length: size }, (_, row) => {
      const other = rows.subarray(row * dim, (row + 1) * dim);
      const apart = Math.hypot(...own.map((value, i) => value - other[i]));
      const along = Math.hypot(...own.map((value, i) => value + other[i]));
      return 2 * Math.atan2(apart, along);
    });
    const order = [...angles.keys()].sort((a, b) => angles[a] - angles[b] || a - b).slice(0, k);
    const nearest = numbersOf(outputs, 'nearest').slice(query * k, (query + 1) * k);
    expect(nearest).toEqual(order.map((row) => 2 * row));
    const mean = order.reduce((sum, row) => sum + angles[row], 0) / k;
    const total = angles.reduce((sum, angle) => sum + angle, 0);
    expectClose([numbersOf(outputs, 'angular')[query]], [mean / Math.PI]);
    expectClose([numbersOf(outputs, 'relative')[query]], [(size * mean) / total]);
  }
  expect(numbersOf(outputs, 'nearest').slice(0, 2)).toEqual([6, 35000]);
});

test('a bank of cells of several blocks finds the nearest as a plain loop does', async () => {
  const [size, dim] = [8300, 4];
  const rows = unitRows(size, dim, 3);
  const graph = new Graph();
  const value = graph.input({ name: 'map', type: 'float32', dims: ['n', dim, 1, 1] });
  const bank = { rows: graph.constant(floats(rows, [size, dim])), values: rows, size, dim };
  const map = { value, size: [1, 1], channels: dim } as const;
  const settings = { levels: 1, grid: [1, 1], reading: 'mean', coreset: 1, discard: 0 } as const;
  const found = cellScores(graph, [map], bank, settings);
  graph.output(found.score, { name: 'score', type: 'float64', dims: ['n'] });
  graph.output(found.rows, { name: 'rows', type: 'int64', dims: ['n', 'cells'] });
  const queries = unitRows(5, dim, 4);
  queries.set(rows.subarray(8200 * dim, 8201 * dim), 4 * dim);
  const outputs = await fed(encodeModel(graph, about).bytes, { map: [queries, [5, dim, 1, 1]] });
  const expected = Array.from({ length: 5 }, (_, query) => {
    const own = queries.subarray(query * dim, (query + 1) * dim);
    const distances = Array.from({ length: size }, (_, row) =>
      Math.hypot(...own.map((one, i) => one - rows[row * dim + i])),
    );
    const row = distances.indexOf(Math.min(...distances));
    return { row, distance: distances[row] };
  });
  expect(numbersOf(outputs, 'rows')).toEqual(expected.map(({ row }) => row));
  expectClose(
    numbersOf(outputs, 'score'),
    expected.map(({ distance }) => distance),
  );
  expect(expected[4]).toEqual({ row: 8200, distance: 0 });
});

test('equalised films of one pixel are 0', async () => {
  const graph = new Graph();
  const images = graph.input({ name: 'images', type: 'float32', dims: ['n', 2, 1, 1] });
  const normalized = normalizedImages('test', graph, images, [1, 1, 2], equalize());
  graph.output(normalized, { name: 'normalized', type: 'float32', dims: ['n', 2, 1, 1] });
  const values = Float32Array.of(0.1, 0.9, 0.5, 1);
  const { bytes } = encodeModel(graph, about);
  const outputs = await fed(bytes, { images: [values, [2, 2, 1, 1]] });
  expect(numbersOf(outputs, 'normalized')).toEqual([0, 0, 0, 0]);
});
