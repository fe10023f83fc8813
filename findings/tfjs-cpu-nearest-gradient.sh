#!/usr/bin/env bash
# Guess: the gradient of an image does not depend on which other images share its batch.
# What happens: on the cpu backend of TensorFlow.js the gradient of resizeNearestNeighbor (the default of upSampling2d)
# is right for the first image of a batch alone. The second gets parts of the first one's. wasm is right.
. "$(dirname "$0")/support/common.sh"

npm_packages @tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-layers@4.22.0 \
  @tensorflow/tfjs-backend-cpu@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0
node - <<'JS'
const { seen } = require(process.env.SEEN);
const tf = require('@tensorflow/tfjs-core');
require('@tensorflow/tfjs-layers');
require('@tensorflow/tfjs-backend-cpu');
require('@tensorflow/tfjs-backend-wasm');
tf.enableProdMode();

// Each pixel becomes 2 x 2, so its gradient is the sum of the 2 x 2 weights that lie on its copies.
const weights = Array.from({ length: 32 }, (_, i) => i);
const gradient = () =>
  tf.grad((x) => tf.mul(tf.image.resizeNearestNeighbor(x, [4, 4]), tf.tensor(weights, [2, 4, 4, 1])))(
    tf.ones([2, 2, 2, 1]),
  ).dataSync();
(async () => {
  const right = [10, 18, 42, 50, 74, 82, 106, 114];
  await tf.setBackend('wasm');
  seen('wasm, two images of 2 x 2', gradient(), right);
  await tf.setBackend('cpu');
  seen('cpu, the same', gradient(), [10, 18, 42, 50, 26, 34, 58, 66]);
})();
JS

# Seen on 2026-11-28 with:
# Node v20.20.2, @tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-layers@4.22.0 @tensorflow/tfjs-backend-cpu@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0
# wasm, two images of 2 x 2: [10,18,42,50,74,82,106,114]
# cpu, the same: [10,18,42,50,26,34,58,66]
