/**
 * Times the kernels of `salad-ad/wasm` against tfjs's own on the wasm backend, in the shapes of the
 * default autoencoder (batch 16, stride-2 convolutions 1-16-32-64).
 *
 * Run: npx tsx benchmarks/speed/wasm-kernels.ts [image size, 32 by default] [names of rows, a regular expression]
 */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import '@tensorflow/tfjs-backend-wasm';
import { detectBackend } from '../../src/backend/index.js';
import { enableWasmTraining } from '../../src/wasm/index.js';
import { elementWise } from './element-wise.js';
import type { KernelWork } from './kernel-work.js';

const size = Number(process.argv[2] ?? 32);
const wanted = new RegExp(process.argv[3] ?? '');
const batch = 16;
const channels = [1, 16, 32, 64];

/**
 * Best of several runs in milliseconds. Each is on new tensors, since the backend caches what it has packed
 * for products; what is done value by value keeps its inputs.
 */
function bestTime({ prepare, run, bytes }: KernelWork, budget = 1000): number {
  let best = Number.POSITIVE_INFINITY;
  let inputs = tf.tidy(prepare);
  const end = performance.now() + budget;
  for (let i = 0; i < 3 || performance.now() < end; i++) {
    const start = performance.now();
    const output = tf.tidy(() => run(inputs));
    best = Math.min(best, performance.now() - start);
    output.dispose();
    if (bytes !== undefined) continue;
    tf.dispose(inputs);
    inputs = tf.tidy(prepare);
  }
  tf.dispose(inputs);
  return best;
}

const works: KernelWork[] = [];
for (let level = 0; level < channels.length - 1; level++) {
  const large = size / 2 ** level;
  const small = large / 2;
  const [input, output] = [channels[level], channels[level + 1]];
  for (const kernel of [3, 4]) {
    const positions = batch * small * small * kernel * kernel * input * output;
    const what = `${kernel}x${kernel} ${large}px ${input}-${output}`;
    const image: [number, number, number, number] = [batch, large, large, input];
    const map: [number, number, number, number] = [batch, small, small, output];
    const filter: [number, number, number, number] = [kernel, kernel, input, output];
    works.push(
      {
        name: `forward            ${what}`,
        flops: 2 * positions,
        prepare: () => [tf.randomNormal(image), tf.randomNormal(filter)],
        run: ([x, w]) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 2, 'same'),
      },
      {
        name: `gradient by input  ${what}`,
        flops: 2 * positions,
        prepare: () => [tf.randomNormal(map), tf.randomNormal(filter)],
        run: ([dy, w]) => tf.conv2dTranspose(dy as tf.Tensor4D, w as tf.Tensor4D, image, 2, 'same'),
      },
      {
        name: `gradient by filter ${what}`,
        flops: 2 * positions,
        prepare: () => [tf.randomNormal(image), tf.randomNormal(map)],
        run: ([x, dy]) =>
          tf
            .engine()
            .runKernel(
              tf.Conv2DBackpropFilter,
              { x, dy },
              { strides: 2, pad: 'same', dataFormat: 'NHWC', filterShape: filter },
            ) as tf.Tensor,
      },
    );
  }
}
for (const [rows, inner, columns] of [
  [16, 1024, 200],
  [16, 200, 1024],
  [16, 200, 1000],
  [1000, 200, 1000],
]) {
  for (const [transposeA, transposeB] of [
    [false, false],
    [false, true],
    [true, false],
  ]) {
    works.push({
      name: `matMul ${transposeA ? 'A^T' : 'A'} ${transposeB ? 'B^T' : 'B'}  ${rows} x ${inner} x ${columns}`,
      flops: 2 * rows * inner * columns,
      prepare: () => [
        tf.randomNormal(transposeA ? [inner, rows] : [rows, inner]),
        tf.randomNormal(transposeB ? [columns, inner] : [inner, columns]),
      ],
      run: ([a, b]) => tf.matMul(a, b, transposeA, transposeB),
    });
  }
}

async function main(): Promise<void> {
  await detectBackend();
  const chosen = [...works, ...elementWise(batch, size)].filter(({ name }) => wanted.test(name));
  const stock = chosen.map((work) =>
    work.name.startsWith('gradient by filter') ? undefined : bestTime(work),
  );
  enableWasmTraining();
  console.log(`${'ms, batch 16'.padEnd(60)}   stock     ours    ratio`);
  chosen.forEach((work, i) => {
    const ours = bestTime(work);
    const before = stock[i];
    console.log(
      work.name.padEnd(60),
      (before?.toFixed(3) ?? 'none').padStart(8),
      ours.toFixed(3).padStart(8),
      (before === undefined ? '' : (before / ours).toFixed(1)).padStart(8),
      ((work.flops ?? work.bytes ?? 0) / ours / 1e6).toFixed(1).padStart(8),
      work.flops === undefined ? 'GB/s' : 'GFLOP/s',
    );
  });
}

void main();
