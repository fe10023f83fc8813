import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { expect, inject, it } from 'vitest';

const project = inject('project');

const imports = {
  module: `
    import * as tf from '@tensorflow/tfjs-core';
    import '@tensorflow/tfjs-backend-wasm';
    import { arraySource, convAutoencoder, SaladModel } from 'salad-ad';
    import { fileSystem, imagePool, scoringPool } from 'salad-ad/node';
    import { enableWasmTraining } from 'salad-ad/wasm';`,
  commonjs: `
    const tf = require('@tensorflow/tfjs-core');
    require('@tensorflow/tfjs-backend-wasm');
    const { arraySource, convAutoencoder, SaladModel } = require('salad-ad');
    const { fileSystem, imagePool, scoringPool } = require('salad-ad/node');
    const { enableWasmTraining } = require('salad-ad/wasm');`,
};

const program = `
  async function main() {
    await tf.setBackend('wasm');
    enableWasmTraining();
    const pixels = Uint8Array.from({ length: 70 * 64 }, (_, i) => (i * 7919) % 251);
    const images = arraySource({ pixels, shape: [8, 8, 1] });
    const backbone = convAutoencoder({ inputShape: [8, 8, 1], channels: [4], embeddingSize: 8 });
    const model = SaladModel.create({ backbone, pretrainEpochs: 1, rounds: 0, scoreNeighbors: 3 });
    const workers = await imagePool({ concurrency: 1 });
    await model.fit(images, { imagePool: workers });
    await workers.dispose();
    await model.save(fileSystem('model'));
    const pool = await scoringPool(fileSystem('model'), {
      backend: '@tensorflow/tfjs-backend-wasm',
      concurrency: 2,
    });
    const [one, many] = [await model.score(images), await pool.score(images)];
    await pool.dispose();
    console.log(JSON.stringify(one) === JSON.stringify(many) ? 'the same scores' : 'other scores');
  }
  main();`;

it.each(['module', 'commonjs'] as const)('work on threads from a %s', (type) => {
  const file = join(project, type === 'module' ? 'threads.mjs' : 'threads.cjs');
  writeFileSync(file, `${imports[type]}\n${program}`);
  expect(execFileSync(process.execPath, [file], { cwd: project, encoding: 'utf8' })).toBe(
    'the same scores\n',
  );
});

it('a bundle that has swallowed the library says what its threads miss, and takes it', async () => {
  const start = (options: string) => `
    import { imagePool } from 'salad-ad/node';
    const preparation = { inputShape: [1, 2, 1], imageNormalization: { name: 'none', options: {} } };
    const request = { where: 'caller', indices: [0], ids: ['film'] };
    const images = { pixels: Uint8Array.of(0, 255), shape: [1, 2, 1] };
    const pool = await imagePool(${options}).catch(({ message }) => console.log(message));
    const { images: values } = (await pool?.run({ request, images, preparation })) ?? { images: [] };
    console.log(JSON.stringify([...values]));`;
  const run = async (options: string) => {
    const outfile = join(project, 'bundle.mjs');
    await build({
      stdin: { contents: start(options), resolveDir: project },
      bundle: true,
      format: 'esm',
      platform: 'node',
      external: ['tinypool', '@tensorflow/*'],
      outfile,
      logLevel: 'silent',
    });
    return execFileSync(process.execPath, [outfile], { cwd: project, encoding: 'utf8' });
  };
  expect(await run('{ concurrency: 1 }')).toMatch(/node-worker\.js', does not exist; .*workerFile/);
  const file = join(project, 'node_modules/salad-ad/dist/node-worker.js');
  expect(await run(`{ concurrency: 1, workerFile: ${JSON.stringify(file)} }`)).toBe('[0,1]\n');
});
