#!/usr/bin/env bash
# Guess: NaN in, NaN out: a broken value shows at the end of a network.
# What happens: several element-wise kernels of the wasm backend of TensorFlow.js turn NaN into an ordinary number, where cpu
# keeps it. relu keeps it only without a minus sign, which that of 0 / 0 has on x86; maximum and minimum keep it only as the first argument; a fused convolution with relu loses it if it has one filter
# and keeps it with two; maxPool makes -Infinity of a window with NaN in it.
. "$(dirname "$0")/support/common.sh"

npm_packages @tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-backend-cpu@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0
node - <<'JS'
const { seen } = require(process.env.SEEN);
const tf = require('@tensorflow/tfjs-core');
require('@tensorflow/tfjs-backend-cpu');
require('@tensorflow/tfjs-backend-wasm');
tf.enableProdMode();

const nan = () => tf.tensor1d([NaN]);
const signed = new Float32Array(Uint32Array.of(0xffc00000).buffer);
const convolution = (filters) =>
  tf.fused.conv2d({
    x: tf.tensor([NaN], [1, 1, 1, 1]),
    filter: tf.ones([1, 1, 1, filters]),
    strides: 1,
    pad: 'valid',
    activation: 'relu',
  });
const cases = [
  ['clipByValue(NaN, -1, 1)', () => tf.clipByValue(nan(), -1, 1), ['NaN'], [-1]],
  ['relu6(NaN)', () => tf.relu6(nan()), ['NaN'], [0]],
  ['relu(NaN)', () => tf.relu(nan()), ['NaN'], ['NaN']],
  ['relu(-NaN)', () => tf.relu(tf.tensor1d(signed)), ['NaN'], [0]],
  ['maximum(NaN, 1)', () => tf.maximum(nan(), 1), ['NaN'], ['NaN']],
  ['maximum(1, NaN)', () => tf.maximum(1, nan()), ['NaN'], [1]],
  ['minimum(1, NaN)', () => tf.minimum(1, nan()), ['NaN'], [1]],
  ['fused conv2d, 1 filter, relu', () => convolution(1), ['NaN'], [0]],
  ['fused conv2d, 2 filters, relu', () => convolution(2), ['NaN', 'NaN'], ['NaN', 'NaN']],
  ['maxPool of [NaN, 1, 2, 3]', () => tf.maxPool(tf.tensor([NaN, 1, 2, 3], [1, 2, 2, 1]), 2, 2, 'valid'), [3], ['-Infinity']],
];
(async () => {
  for (const [name, work, cpu, wasm] of cases) {
    await tf.setBackend('cpu');
    seen(`cpu, ${name}`, [...work().dataSync()], cpu);
    await tf.setBackend('wasm');
    seen(`wasm, ${name}`, [...work().dataSync()], wasm);
  }
})();
JS

# Seen on 2026-11-28 with:
# Node v20.20.2, @tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-backend-cpu@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0
# cpu, clipByValue(NaN, -1, 1): ["NaN"]
# wasm, clipByValue(NaN, -1, 1): [-1]
# cpu, relu6(NaN): ["NaN"]
# wasm, relu6(NaN): [0]
# cpu, relu(NaN): ["NaN"]
# wasm, relu(NaN): ["NaN"]
# cpu, relu(-NaN): ["NaN"]
# wasm, relu(-NaN): [0]
# cpu, maximum(NaN, 1): ["NaN"]
# wasm, maximum(NaN, 1): ["NaN"]
# cpu, maximum(1, NaN): ["NaN"]
# wasm, maximum(1, NaN): [1]
# cpu, minimum(1, NaN): ["NaN"]
# wasm, minimum(1, NaN): [1]
# cpu, fused conv2d, 1 filter, relu: ["NaN"]
# wasm, fused conv2d, 1 filter, relu: [0]
# cpu, fused conv2d, 2 filters, relu: ["NaN","NaN"]
# wasm, fused conv2d, 2 filters, relu: ["NaN","NaN"]
# cpu, maxPool of [NaN, 1, 2, 3]: [3]
# wasm, maxPool of [NaN, 1, 2, 3]: ["-Infinity"]
