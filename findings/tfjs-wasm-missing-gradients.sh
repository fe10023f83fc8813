#!/usr/bin/env bash
# Guess: a network that the wasm backend of TensorFlow.js can run can also be trained on it.
# What happens: the gradients by the filter of conv2d, by the filter and the input of depthwiseConv2d, and of gather
# (an embedding) throw, for the kernels behind them do not exist there. On the cpu backend all of them work.
. "$(dirname "$0")/support/common.sh"

npm_packages @tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-layers@4.22.0 \
  @tensorflow/tfjs-backend-cpu@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0
node - <<'JS'
const { seen, thrown } = require(process.env.SEEN);
const tf = require('@tensorflow/tfjs-core');
require('@tensorflow/tfjs-layers'); // registers the gradients
require('@tensorflow/tfjs-backend-cpu');
require('@tensorflow/tfjs-backend-wasm');
tf.enableProdMode();

const image = () => tf.ones([1, 4, 4, 1]);
const filter = () => tf.ones([2, 2, 1, 1]);
const works = {
  'conv2d by its filter': () => tf.grad((f) => tf.conv2d(image(), f, 1, 'valid'))(filter()),
  'depthwiseConv2d by its filter': () => tf.grad((f) => tf.depthwiseConv2d(image(), f, 1, 'valid'))(filter()),
  'depthwiseConv2d by its input': () => tf.grad((x) => tf.depthwiseConv2d(x, filter(), 1, 'valid'))(image()),
  gather: () => tf.grad((x) => tf.gather(x, [0, 1]))(tf.ones([3, 2])),
};
const missing = ['Conv2DBackpropFilter', 'DepthwiseConv2dNativeBackpropFilter', 'DepthwiseConv2dNativeBackpropInput', 'UnsortedSegmentSum'];
(async () => {
  for (const [i, [name, work]] of Object.entries(works).entries()) {
    await tf.setBackend('cpu');
    seen(`cpu, gradient of ${name}`, await thrown(work), 'nothing thrown');
    await tf.setBackend('wasm');
    seen(`wasm, gradient of ${name}`, await thrown(work), `Kernel '${missing[i]}' not registered for backend 'wasm'`);
  }
})();
JS

# Seen on 2026-11-28 with:
# Node v20.20.2, @tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-layers@4.22.0 @tensorflow/tfjs-backend-cpu@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0
# cpu, gradient of conv2d by its filter: "nothing thrown"
# wasm, gradient of conv2d by its filter: "Kernel 'Conv2DBackpropFilter' not registered for backend 'wasm'"
# cpu, gradient of depthwiseConv2d by its filter: "nothing thrown"
# wasm, gradient of depthwiseConv2d by its filter: "Kernel 'DepthwiseConv2dNativeBackpropFilter' not registered for backend 'wasm'"
# cpu, gradient of depthwiseConv2d by its input: "nothing thrown"
# wasm, gradient of depthwiseConv2d by its input: "Kernel 'DepthwiseConv2dNativeBackpropInput' not registered for backend 'wasm'"
# cpu, gradient of gather: "nothing thrown"
# wasm, gradient of gather: "Kernel 'UnsortedSegmentSum' not registered for backend 'wasm'"
