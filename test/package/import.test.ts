import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, inject, it } from 'vitest';
import { entries, specifier } from './entries.js';

/** Runs a script in the empty project and returns the JSON that it prints. */
function run(type: 'module' | 'commonjs', script: string): unknown {
  const args = [`--input-type=${type}`, '--eval', script];
  return JSON.parse(
    execFileSync(process.execPath, args, { cwd: inject('project'), encoding: 'utf8' }),
  );
}

describe.each(entries)('%s', (entry) => {
  const name = specifier(entry);

  it('gives the same names by import and by require', () => {
    const imported = run(
      'module',
      `console.log(JSON.stringify(Object.keys(await import('${name}')).sort()))`,
    );
    const required = run(
      'commonjs',
      `console.log(JSON.stringify(Object.keys(require('${name}')).sort()))`,
    );
    expect(imported).toEqual(required);
    expect(imported).not.toEqual([]);
  });

  it('changes nothing by being imported: no global, no backend, no kernel', () => {
    // tfjs-layers is loaded beforehand: what it registers is not ours.
    const script = `
      const tf = require('@tensorflow/tfjs-core');
      require('@tensorflow/tfjs-layers');
      require('@tensorflow/tfjs-backend-wasm');
      const state = () => JSON.stringify({
        globals: Object.getOwnPropertyNames(globalThis),
        listeners: process.eventNames().map(String),
        backends: Object.keys(tf.engine().registryFactory),
        instances: Object.keys(tf.engine().registry),
        kernels: ['cpu', 'wasm'].map((backend) => tf.getKernelsForBackend(backend).length),
        tensors: tf.engine().state.numTensors,
      });
      const before = state();
      require('${name}');
      console.log(JSON.stringify([before, state()]));`;
    const [before, after] = run('commonjs', script) as [string, string];
    expect(JSON.parse(after)).toEqual(JSON.parse(before));
  });
});

it.each(['metrics', 'data', 'report'])('%s loads without tfjs', (entry) => {
  const loaded = run(
    'commonjs',
    `require('${specifier(entry)}');
     console.log(JSON.stringify(Object.keys(require.cache).filter((file) => file.includes('@tensorflow'))))`,
  );
  expect(loaded).toEqual([]);
});

it('registers gradients: the package brings tfjs-layers', () => {
  const script = `
    require('salad-ad');
    const tf = require('@tensorflow/tfjs-core');
    console.log(JSON.stringify(tf.getGradient('Sum') !== undefined));`;
  expect(run('commonjs', script)).toBe(true);
});

// The project has none of the packages that decode files.
it.each([
  ['module', 'await import', 'images/grey8.png', 'sharp'],
  ['commonjs', 'require', 'images/grey8.png', 'sharp'],
] as const)('scoreFiles decodes by the entries of the package, as %s', (type, load, name, peer) => {
  const path = fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
  const script = `
    ${load}('@tensorflow/tfjs-backend-cpu');
    const { arraySource, SaladModel } = ${load}('salad-ad');
    (async () => {
      const model = SaladModel.create({
        backbone: { kind: 'convAutoencoder', inputShape: [8, 8, 1], channels: [2], embeddingSize: 4 },
        pretrainEpochs: 1, rounds: 0,
      });
      const pixels = Uint8Array.from({ length: 512 }, (_, i) => (i * 37) % 256);
      await model.fit(arraySource({ pixels, shape: [8, 8, 1] }));
      const { code, message } = await model
        .scoreFiles([${JSON.stringify(path)}], { recipe: { size: [8, 8] } })
        .catch((error) => error);
      process.stdout.write(JSON.stringify({ code, message }));
    })();`;
  expect(run(type, script)).toMatchObject({
    code: 'MISSING_PEER',
    message: expect.stringContaining(peer),
  });
});
