#!/usr/bin/env bash
# Guess: tfjs-core and a backend are enough for tf.grad in Node; tfjs-core is where tf.grad lives.
# What happens: no gradient is registered until tfjs-layers (or the umbrella package) has been loaded, and the file of tfjs-core
# that registers them cannot be imported in Node, for it leaves out file endings. Even then the gradient of gather with batchDims
# calls a method of tensors that only the umbrella package adds.
. "$(dirname "$0")/support/common.sh"

npm_packages @tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-layers@4.22.0 @tensorflow/tfjs-backend-cpu@4.22.0
node - <<'JS'
const { seen, thrown } = require(process.env.SEEN);
const tf = require('@tensorflow/tfjs-core');
require('@tensorflow/tfjs-backend-cpu');
tf.enableProdMode();

const square = () => tf.grad((x) => tf.sum(tf.square(x)))(tf.ones([2]));
const rows = tf.tensor2d([[0], [1]], [2, 1], 'int32');
const gather = () => tf.grad((x) => tf.gather(x, rows, 1, 1))(tf.ones([2, 3]));
(async () => {
  seen('core and a backend', await thrown(square), 'Cannot compute gradient: gradient function not found for Sum.');
  const path = '@tensorflow/tfjs-core/dist/register_all_gradients.js';
  const { code } = await import(path).catch((error) => error);
  seen('importing the file that registers them', code, 'ERR_MODULE_NOT_FOUND');
  require('@tensorflow/tfjs-layers');
  seen('with tfjs-layers', await thrown(square), 'nothing thrown');
  seen('with tfjs-layers, gather with batchDims', await thrown(gather), 'x.split is not a function');
})();
JS

# Seen on 2026-11-28 with:
# Node v20.20.2, @tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-layers@4.22.0 @tensorflow/tfjs-backend-cpu@4.22.0
# core and a backend: "Cannot compute gradient: gradient function not found for Sum."
# importing the file that registers them: "ERR_MODULE_NOT_FOUND"
# with tfjs-layers: "nothing thrown"
# with tfjs-layers, gather with batchDims: "x.split is not a function"
