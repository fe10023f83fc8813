/**
 * An encoder of PyTorch as a frozen backbone, by one .onnx file and a session of onnxruntime.
 *
 *   npm i --no-save --ignore-scripts onnxruntime-node
 *   python examples/python/bring_encoder.py output/encoder.onnx
 *   npx tsx examples/06-torch-encoder.ts --encoder output/encoder.onnx
 *
 * Its weights are random, so that its score shows what the way brings and not what a trained encoder would.
 * Research software, not a medical device.
 */
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';
import { SaladModel } from 'salad-ad';
import { detectBackend } from 'salad-ad/backend';
import { normalsOf, subset } from 'salad-ad/data';
import { frozenEncoder } from 'salad-ad/encoders';
import { areaUnderRoc } from 'salad-ad/metrics';
import { enableWasmTraining } from 'salad-ad/wasm';
import { labelled, loadPool } from './chest-xray/data.js';

const { values: flags } = parseArgs({
  options: {
    encoder: { type: 'string', default: 'output/encoder.onnx' },
    films: { type: 'string', default: '200' },
  },
});

await detectBackend({
  wasm: () => import('@tensorflow/tfjs-backend-wasm').then(() => enableWasmTraining()),
});

// 1. The session is yours. Where onnxruntime-node is a dependency: import * as ort from 'onnxruntime-node'.
const ort = createRequire(import.meta.url)('onnxruntime-node');
const session = await ort.InferenceSession.create(flags.encoder);

// 2. Every output of the graph is a map. PyTorch has channels first: layout 'nchw', the default. mean and deviation are what
// the encoder was trained with; one with random weights takes what the image normalisation gives.
const backbone = await frozenEncoder({
  inputShape: [64, 64, 1],
  session,
  Tensor: ort.Tensor,
});
console.log(`maps of ${backbone.mapSizes?.map((size) => size.join(' x ')).join(' and ')} places`);

// 3. No training: the bank of normal films is all that is learnt.
const { train, validation } = await loadPool();
const normals = normalsOf(train);
const few = Math.min(Number(flags.films), normals.length);
const model = SaladModel.create({ backbone, score: 'cells' });
await model.fit(
  subset(
    normals,
    Array.from({ length: few }, (_, i) => i),
  ),
);
const judged = labelled(validation);
const { scores } = await model.score(judged);
const area = areaUnderRoc(scores, judged.labels);
console.log(`AUC of ${judged.length} validation films: ${area.toFixed(3)}`);
model.dispose();
await session.release();
