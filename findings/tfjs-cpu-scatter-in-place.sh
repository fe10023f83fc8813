#!/usr/bin/env bash
# Guess: operations of TensorFlow.js return new tensors, since tensors do not change; tf.clone keeps a snapshot.
# What happens: on the cpu backend tf.tensorScatterUpdate writes into the tensor that it is given, and so into every clone of
# it, for clones share its memory. On wasm both stay as they were.
. "$(dirname "$0")/support/common.sh"

npm_packages @tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-backend-cpu@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0
node - <<'JS'
const { seen } = require(process.env.SEEN);
const tf = require('@tensorflow/tfjs-core');
require('@tensorflow/tfjs-backend-cpu');
require('@tensorflow/tfjs-backend-wasm');
tf.enableProdMode();

function update() {
  const before = tf.tensor2d([[1], [2], [3]]);
  const snapshot = tf.clone(before);
  const after = tf.tensorScatterUpdate(before, [[1]], [[9]]);
  return { before: before.dataSync(), snapshot: snapshot.dataSync(), after: after.dataSync() };
}
(async () => {
  await tf.setBackend('wasm');
  seen('wasm', update(), { before: [1, 2, 3], snapshot: [1, 2, 3], after: [1, 9, 3] });
  await tf.setBackend('cpu');
  seen('cpu', update(), { before: [1, 9, 3], snapshot: [1, 9, 3], after: [1, 9, 3] });
})();
JS

# Seen on 2026-11-28 with:
# Node v20.20.2, @tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-backend-cpu@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0
# wasm: {"before":[1,2,3],"snapshot":[1,2,3],"after":[1,9,3]}
# cpu: {"before":[1,9,3],"snapshot":[1,9,3],"after":[1,9,3]}
