/**
 * A bank that one .onnx file cannot hold: written as two files, scored from the disk, held against `model.score`.
 *
 *   npx tsx benchmarks/equality/large-file.ts [--rows 2800000]
 *
 * The rows are random, 200 numbers each: 2.8 million are 2.24 GB, above the 2 GB of a protobuf message. It takes 16 GB of memory, some
 * minutes, and 2.3 GB of disk for its files in output/large-file. Exit code 1 where relative scores differ by more than 1e-5.
 */
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-node';
import * as ort from 'onnxruntime-node';
import { OnnxScorer, toOnnx } from 'salad-ad/onnx';
import { enableNativeKernels } from 'salad-ad/tensorflow';
import { speedFilms, speedModel } from '../speed/speed-model.js';

const { values: flags } = parseArgs({ options: { rows: { type: 'string', default: '2800000' } } });
const folder = 'output/large-file';
const file = join(folder, 'model.onnx');
const seconds = (since: number) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

await mkdir(folder, { recursive: true });
enableNativeKernels();
await tf.setBackend('tensorflow');
const model = await speedModel(64, Number(flags.rows), 'embedding');
const films = speedFilms(64);
const expected = await model.score(films);

let began = performance.now();
const { bytes, data } = await toOnnx(model);
if (!data)
  throw new Error(`${flags.rows} rows fit into one file; --rows must be above 2.7 million`);
await writeFile(file, bytes);
await writeFile(join(folder, 'model.onnx.data'), data);
const megabytes = async (path: string) => ((await stat(path)).size / 1e6).toFixed(1);
console.log(
  `written in ${seconds(began)}: model.onnx ${await megabytes(file)} MB, model.onnx.data ${await megabytes(join(folder, 'model.onnx.data'))} MB`,
);

began = performance.now();
const session = await ort.InferenceSession.create(file);
const scorer = new OnnxScorer({ file: bytes, session, Tensor: ort.Tensor });
const loaded = seconds(began);
began = performance.now();
const found = await scorer.score(films);
const apart = found.scores.reduce(
  (most, x, i) => Math.max(most, Math.abs(x - expected.scores[i])),
  0,
);
const rows = await scorer.nearest(films);
const last = Math.max(...rows.flatMap((images) => images.map(({ row }) => row)));
console.log(
  `loaded in ${loaded}, ${found.scores.length} films scored in ${seconds(began)}; largest difference ${apart.toExponential(1)}; highest row among the nearest: ${last}`,
);
model.dispose();
if (!(apart <= 1e-5)) process.exitCode = 1;
