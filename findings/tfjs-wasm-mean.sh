#!/usr/bin/env bash
# Guess: the mean of equal numbers is that number, or off in the last digits.
# What happens: the wasm backend of TensorFlow.js adds all values to one float32, one after the other. Means of large tensors
# drift by per cents: 2 ** 25 times 0.1 has the mean 0.0625, and 2 ** 20 equal values have a variance far from 0. cpu does not drift.
. "$(dirname "$0")/support/common.sh"

npm_packages @tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-backend-cpu@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0
node - <<'JS'
const { seen } = require(process.env.SEEN);
const tf = require('@tensorflow/tfjs-core');
require('@tensorflow/tfjs-backend-cpu');
require('@tensorflow/tfjs-backend-wasm');
tf.enableProdMode();

const mean = (bits) => tf.tidy(() => tf.mean(tf.fill([2 ** bits], 0.1)).dataSync()[0].toFixed(5));
const variance = () => tf.tidy(() => tf.moments(tf.fill([2 ** 20], 1000.1)).variance.dataSync()[0].toFixed(1));
(async () => {
  const means = { cpu: ['0.10000', '0.10000', '0.10000'], wasm: ['0.10006', '0.10099', '0.06250'] };
  for (const backend of ['cpu', 'wasm']) {
    await tf.setBackend(backend);
    for (const [i, bits] of [16, 20, 25].entries())
      seen(`${backend}, mean of 2 ** ${bits} times 0.1`, mean(bits), means[backend][i]);
  }
  seen('wasm, variance of 2 ** 20 times 1000.1', variance(), '111.9');
  await tf.setBackend('cpu');
  seen('cpu, variance of the same', variance(), '0.0');
})();
JS

# Seen on 2026-11-28 with:
# Node v20.20.2, @tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-backend-cpu@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0
# cpu, mean of 2 ** 16 times 0.1: "0.10000"
# cpu, mean of 2 ** 20 times 0.1: "0.10000"
# cpu, mean of 2 ** 25 times 0.1: "0.10000"
# wasm, mean of 2 ** 16 times 0.1: "0.10006"
# wasm, mean of 2 ** 20 times 0.1: "0.10099"
# wasm, mean of 2 ** 25 times 0.1: "0.06250"
# wasm, variance of 2 ** 20 times 1000.1: "111.9"
# cpu, variance of the same: "0.0"
