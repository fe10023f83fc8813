#!/usr/bin/env bash
# Guess: batchNormalization({ scale: false }), a documented option, trains like any other layer.
# What happens: it predicts, but the first training step throws, as does the gradient of tf.batchNorm without a scale; the
# message names neither the layer nor the option.
. "$(dirname "$0")/support/common.sh"

npm_packages @tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-layers@4.22.0 @tensorflow/tfjs-backend-cpu@4.22.0
node - <<'JS'
const { seen, thrown } = require(process.env.SEEN);
const tf = require('@tensorflow/tfjs-core');
const { layers, sequential } = require('@tensorflow/tfjs-layers');
require('@tensorflow/tfjs-backend-cpu');
tf.enableProdMode();

const x = tf.tensor2d([[1, 2], [3, 5]]);
async function step(scale) {
  const model = sequential({
    layers: [
      layers.dense({ units: 2, inputShape: [2] }),
      layers.batchNormalization({ scale }),
      layers.dense({ units: 1 }),
    ],
  });
  model.predict(x);
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  return thrown(() => model.trainOnBatch(x, tf.ones([2, 1])));
}
(async () => {
  seen('a training step with scale', await step(true), 'nothing thrown');
  const message = 'Cannot read properties of undefined';
  seen('a training step without scale', (await step(false)).split(' (')[0], message);
  const alone = () => tf.grad((t) => tf.batchNorm(t, [0, 0], [1, 1], [0, 0]))(x);
  seen('the gradient of tf.batchNorm without scale', (await thrown(alone)).split(' (')[0], message);
})();
JS

# Seen on 2026-11-28 with:
# Node v20.20.2, @tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-layers@4.22.0 @tensorflow/tfjs-backend-cpu@4.22.0
# a training step with scale: "nothing thrown"
# a training step without scale: "Cannot read properties of undefined"
# the gradient of tf.batchNorm without scale: "Cannot read properties of undefined"
