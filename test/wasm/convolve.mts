// Prints whether the engine knows relaxed SIMD, and a convolution with both gradients on wasm.
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import '@tensorflow/tfjs-backend-wasm';
import { RandomStream } from '../../src/support/random.js';
import { enableWasmTraining } from '../../src/wasm/index.js';
import { relaxedSimdModule } from '../../src/wasm/simd/module.generated.js';

enableWasmTraining();
await tf.setBackend('wasm');
const relaxed = WebAssembly.validate(Buffer.from(relaxedSimdModule, 'base64'));
const results = tf.tidy(() =>
  [16, 32].flatMap((channels) => {
    const random = new RandomStream(7, ['convolve', channels]);
    const draw = (shape: [number, number, number, number]) =>
      tf.tensor4d(
        Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => random.gaussian()),
        shape,
      );
    const x = draw([2, 7, 9, channels]);
    const filter = draw([3, 3, channels, channels]);
    const loss = (a: tf.Tensor, b: tf.Tensor) =>
      tf.mean(tf.square(tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, 1, 'same'))) as tf.Scalar;
    const outputs = [tf.conv2d(x, filter, 1, 'same'), ...tf.grads(loss)([x, filter])];
    return outputs.map((output) => Array.from(output.dataSync()));
  }),
);
process.stdout.write(JSON.stringify({ relaxed, results }));
