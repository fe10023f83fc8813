#!/usr/bin/env bash
# Guess: tf.image.resizeBilinear has the gradient of what it computes.
# What happens: with halfPixelCenters the forward pass obeys the option and the gradient ignores it, on cpu and wasm alike: a
# wrong number and no error. Apart from that, on cpu the gradient throws unless the image is square: it swaps height and width.
. "$(dirname "$0")/support/common.sh"

npm_packages @tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-layers@4.22.0 \
  @tensorflow/tfjs-backend-cpu@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0
node - <<'JS'
const { seen, thrown } = require(process.env.SEEN);
const tf = require('@tensorflow/tfjs-core');
require('@tensorflow/tfjs-layers');
require('@tensorflow/tfjs-backend-cpu');
require('@tensorflow/tfjs-backend-wasm');
tf.enableProdMode();

const doubled = (x) => tf.sum(tf.image.resizeBilinear(x, [4, 4], false, true));
const corner = (step) => tf.tensor([step, 0, 0, 0], [1, 2, 2, 1]);
(async () => {
  for (const backend of ['cpu', 'wasm']) {
    await tf.setBackend(backend);
    // The operation is linear, so a difference of two values is its exact derivative.
    const difference = doubled(corner(1)).dataSync()[0] - doubled(corner(0)).dataSync()[0];
    seen(`${backend}, half-pixel centres, derivative by differences`, difference, 4);
    seen(`${backend}, half-pixel centres, derivative by tf.grad`, tf.grad(doubled)(corner(0)).dataSync()[0], 2.25);
  }
  const wide = () => tf.grad((x) => tf.image.resizeBilinear(x, [4, 6]))(tf.ones([1, 2, 3, 1]));
  seen('wasm, 2 x 3 to 4 x 6', wide().shape, [1, 2, 3, 1]);
  await tf.setBackend('cpu');
  seen('cpu, 2 x 3 to 4 x 6', (await thrown(wide)).match(/has shape '[\d,]*'/g), ["has shape '1,3,2,1'"]);
})();
JS

# Seen on 2026-11-28 with:
# Node v20.20.2, @tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-layers@4.22.0 @tensorflow/tfjs-backend-cpu@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0
# cpu, half-pixel centres, derivative by differences: 4
# cpu, half-pixel centres, derivative by tf.grad: 2.25
# wasm, half-pixel centres, derivative by differences: 4
# wasm, half-pixel centres, derivative by tf.grad: 2.25
# wasm, 2 x 3 to 4 x 6: [1,2,3,1]
# cpu, 2 x 3 to 4 x 6: ["has shape '1,3,2,1'"]
