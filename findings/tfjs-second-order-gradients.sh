#!/usr/bin/env bash
# Guess: tf.grad of tf.grad is right, or throws.
# What happens: for tanh, sigmoid and exp, tf.grad of tf.grad(f) throws "Cannot compute gradient" by itself, but where x also
# comes in on another way, as in x * f(x), it returns a wrong number without an error. softplus and x * relu(x) are right.
# A gradient penalty on a network with such activations therefore trains on wrong gradients.
. "$(dirname "$0")/support/common.sh"

npm_packages @tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-layers@4.22.0 @tensorflow/tfjs-backend-cpu@4.22.0
node - <<'JS'
const { seen, thrown } = require(process.env.SEEN);
const tf = require('@tensorflow/tfjs-core');
require('@tensorflow/tfjs-layers');
require('@tensorflow/tfjs-backend-cpu');
tf.enableProdMode();

const second = (f) => tf.grad((x) => tf.sum(tf.grad((t) => tf.sum(f(t)))(x)))(tf.tensor1d([0.5])).dataSync()[0];
const H = 1e-4;
const byDifferences = (f) => (f(0.5 + H) - 2 * f(0.5) + f(0.5 - H)) / H ** 2;
const sigmoid = (x) => 1 / (1 + Math.exp(-x));
const cases = [
  ['tanh', Math.tanh, '1.209', '1.573'],
  ['sigmoid', sigmoid, '0.441', '0.470'],
  ['exp', Math.exp, '4.122', '3.297'],
  ['softplus', (x) => Math.log(1 + Math.exp(x)), '1.362', '1.362'],
  ['relu', (x) => Math.max(0, x), '2.000', '2.000'],
];
(async () => {
  for (const [name, f, right, got] of cases) {
    seen(`x ${name}(x) at 0.5, second derivative by differences`, byDifferences((x) => x * f(x)).toFixed(3), right);
    seen(`x ${name}(x) at 0.5, by tf.grad twice`, second((x) => tf.mul(x, tf[name](x))).toFixed(3), got);
  }
  const alone = (await thrown(() => second(tf.tanh))).slice(0, 34);
  seen('tanh(x) alone, by tf.grad twice', alone, 'Cannot compute gradient of y=f(x) ');
})();
JS

# Seen on 2026-11-28 with:
# Node v20.20.2, @tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-layers@4.22.0 @tensorflow/tfjs-backend-cpu@4.22.0
# x tanh(x) at 0.5, second derivative by differences: "1.209"
# x tanh(x) at 0.5, by tf.grad twice: "1.573"
# x sigmoid(x) at 0.5, second derivative by differences: "0.441"
# x sigmoid(x) at 0.5, by tf.grad twice: "0.470"
# x exp(x) at 0.5, second derivative by differences: "4.122"
# x exp(x) at 0.5, by tf.grad twice: "3.297"
# x softplus(x) at 0.5, second derivative by differences: "1.362"
# x softplus(x) at 0.5, by tf.grad twice: "1.362"
# x relu(x) at 0.5, second derivative by differences: "2.000"
# x relu(x) at 0.5, by tf.grad twice: "2.000"
# tanh(x) alone, by tf.grad twice: "Cannot compute gradient of y=f(x) "
