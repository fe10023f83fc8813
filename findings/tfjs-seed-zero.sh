#!/usr/bin/env bash
# Guess: seed 0 is a seed like any other.
# What happens: tf.randomNormal, tf.truncatedNormal and the initialisers of layers that draw from them (glorotNormal, heNormal)
# take seed 0 for "no seed" and draw other values at every call. tf.randomUniform and the uniform initialisers keep to seed 0.
. "$(dirname "$0")/support/common.sh"

npm_packages @tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-layers@4.22.0 @tensorflow/tfjs-backend-cpu@4.22.0
node - <<'JS'
const { seen } = require(process.env.SEEN);
const tf = require('@tensorflow/tfjs-core');
const { initializers } = require('@tensorflow/tfjs-layers');
require('@tensorflow/tfjs-backend-cpu');
tf.enableProdMode();

const draws = {
  randomUniform: (seed) => tf.randomUniform([4], 0, 1, 'float32', seed),
  glorotUniform: (seed) => initializers.glorotUniform({ seed }).apply([2, 2]),
  randomNormal: (seed) => tf.randomNormal([4], 0, 1, 'float32', seed),
  truncatedNormal: (seed) => tf.truncatedNormal([4], 0, 1, 'float32', seed),
  glorotNormal: (seed) => initializers.glorotNormal({ seed }).apply([2, 2]),
  heNormal: (seed) => initializers.heNormal({ seed }).apply([2, 2]),
};
const repeats = (draw, seed) => String(draw(seed).dataSync()) === String(draw(seed).dataSync());
for (const [name, draw] of Object.entries(draws)) {
  seen(`${name}, two draws of seed 1 are equal`, repeats(draw, 1), true);
  seen(`${name}, two draws of seed 0 are equal`, repeats(draw, 0), /Uniform/.test(name));
}
JS

# Seen on 2026-11-28 with:
# Node v20.20.2, @tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-layers@4.22.0 @tensorflow/tfjs-backend-cpu@4.22.0
# randomUniform, two draws of seed 1 are equal: true
# randomUniform, two draws of seed 0 are equal: true
# glorotUniform, two draws of seed 1 are equal: true
# glorotUniform, two draws of seed 0 are equal: true
# randomNormal, two draws of seed 1 are equal: true
# randomNormal, two draws of seed 0 are equal: false
# truncatedNormal, two draws of seed 1 are equal: true
# truncatedNormal, two draws of seed 0 are equal: false
# glorotNormal, two draws of seed 1 are equal: true
# glorotNormal, two draws of seed 0 are equal: false
# heNormal, two draws of seed 1 are equal: true
# heNormal, two draws of seed 0 are equal: false
