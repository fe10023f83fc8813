import { execFileSync } from 'node:child_process';
import { afterAll, describe, expect, inject, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { apart } from './fit-and-score.js';
import { projectWith } from './npm.js';

// The packed library and onnxruntime-node in a project of their own, installed as docs/onnx.md says: without install scripts.
const { devDependencies } = packageJson;
const project = installed();

/** The project; undefined where npm cannot have the runtime, or this system runs none of its libraries. */
function installed(): ReturnType<typeof projectWith> | undefined {
  const cpu = '@tensorflow/tfjs-backend-cpu';
  try {
    const made = projectWith({
      'salad-ad': `file:${inject('tarball')}`,
      [cpu]: devDependencies[cpu],
      'onnxruntime-node': devDependencies['onnxruntime-node'],
    });
    execFileSync(process.execPath, ['--eval', "require('onnxruntime-node')"], {
      cwd: made.folder,
      stdio: 'ignore',
    });
    return made;
  } catch {
    return undefined;
  }
}

afterAll(() => project?.remove());

/** Scores of a model and of its file, of a network of the library and of layers of tfjs-layers, as JSON. */
const script = (load: string) => `
  const tf = ${load}('@tensorflow/tfjs-core');
  ${load}('@tensorflow/tfjs-backend-cpu');
  const { initializers, layers, sequential } = ${load}('@tensorflow/tfjs-layers');
  const { arraySource, SaladModel } = ${load}('salad-ad');
  const { frozenEncoder } = ${load}('salad-ad/encoders');
  const { OnnxScorer, toOnnx } = ${load}('salad-ad/onnx');
  const ort = ${load}('onnxruntime-node');

  async function compared(options) {
    const films = (step) => arraySource({
      pixels: Uint8Array.from({ length: 24 * 64 }, (_, i) => (i * i * step) % 251),
      shape: [8, 8, 1],
    });
    // Others than those of the bank: an angle of 0 is a matter of rounding.
    const images = films(7907);
    const model = SaladModel.create({ score: 'embedding', scoreNeighbors: 3, seed: 7, ...options });
    await model.fit(films(7919));
    const { scores } = await model.score(images);
    const { bytes: file } = await toOnnx(model);
    const session = await ort.InferenceSession.create(file);
    const scorer = new OnnxScorer({ file, session, Tensor: ort.Tensor });
    const found = await scorer.score(images);
    return [Array.from(scores), Array.from(found.scores)];
  }

  (async () => {
    await tf.ready();
    const backbone = { kind: 'convAutoencoder', inputShape: [8, 8, 1], channels: [2], embeddingSize: 4 };
    const training = { pretrainEpochs: 1, rounds: 1, epochsPerRound: 1, batchSize: 6 };
    const conv2d = layers.conv2d({ inputShape: [8, 8, 3], filters: 4, kernelSize: 3, strides: 2, padding: 'same', kernelInitializer: initializers.heNormal({ seed: 1 }) });
    const model = sequential({ layers: [conv2d, layers.batchNormalization(), layers.reLU()] });
    const maps = [model.layers[2].name];
    const frozen = await frozenEncoder({ inputShape: [8, 8, 1], model, maps });
    console.log(JSON.stringify([
      await compared({ backbone, ...training }),
      await compared({ backbone: frozen }),
    ]));
  })();`;

describe.skipIf(!project)('salad-ad/onnx (skipped without onnxruntime-node)', () => {
  it.each([
    ['module', 'await import'],
    ['commonjs', 'require'],
  ])('writes a file that scores as the model does, as %s', (type, load) => {
    const cwd = project?.folder;
    const args = [`--input-type=${type}`, '--eval', script(load)];
    const printed = execFileSync(process.execPath, args, { cwd, encoding: 'utf8' });
    const found = JSON.parse(printed.trim().split('\n').at(-1) as string) as number[][][];
    expect(found).toHaveLength(2);
    for (const [ours, theirs] of found) {
      expect(ours).toHaveLength(24);
      expect(new Set(ours).size).toBeGreaterThan(1);
      expect(apart(ours, theirs)).toBeLessThan(1e-5);
    }
  });
});
