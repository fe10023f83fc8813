import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { beforeAll, expect, it } from 'vitest';
import type { ImageRecipe } from '../../src/images/image-recipe.js';
import { toOnnx } from '../../src/onnx/index.js';
import { enableWasmTraining } from '../../src/wasm/index.js';
import { normals, tinyModel } from '../model/tiny.js';
import { missingIn, root } from '../safetensors/python.js';
import { useBackend } from '../support/backends.js';
import { filmFolder, writeFilms } from '../support/written-films.js';

const missing = missingIn('numpy', 'onnxruntime', 'pyarrow', 'pydicom', 'pyvips');
const folder = filmFolder();
const at = (name: string) => join(folder, name);
const models: Record<string, ImageRecipe | undefined> = {
  'plain.onnx': { channels: 1 },
  'uncalibrated.onnx': { channels: 1 },
  'twelve.onnx': { channels: 1, bitsStored: 12 },
  'arrays.onnx': undefined,
  'cropped.onnx': { channels: 1, transform: { name: 'preprocessXray', options: {} } },
};

beforeAll(async () => {
  await useBackend('wasm');
  enableWasmTraining();
  for (const [name, recipe] of Object.entries(models)) {
    const model = tinyModel({ resize: { method: 'area', fit: 'stretch' } });
    const validation = { ...normals(24, 3, 'validation'), recipe };
    await model.fit(
      { ...normals(20, 4), recipe },
      name === 'uncalibrated.onnx' ? {} : { validation },
    );
    writeFileSync(at(name), (await toOnnx(model)).bytes);
    model.dispose();
  }
  await writeFilms(folder, [0, 2]);
  writeFileSync(at('cut.png'), readFileSync(at('0-8.png')).subarray(0, 60));
  const data = Uint16Array.from({ length: 128 }, (_, i) => 40 * i);
  writeFileSync(at('deep.png'), encode({ width: 8, height: 16, data, channels: 1, depth: 16 }));
});

function scored(script: string, ...given: string[]) {
  const python = process.env.SALAD_AD_PYTHON ?? 'python3';
  return spawnSync(python, [script, ...given], { cwd: folder, encoding: 'utf8' });
}

const score = (...given: string[]) => scored(join(root, 'examples/python/score.py'), ...given);

it.skipIf(missing)(`scores films, and names those that it does not read${missing}`, () => {
  const { stdout, stderr, status } = score('plain.onnx', '0-8.png', 'cut.png', '1-8.png');
  expect(stdout).toMatch(/^0-8\.png,[-\d.e]+,(normal|anomalous)\n1-8\.png,[-\d.e]+,\w+\n$/);
  expect(stderr).toMatch(/^cut\.png: IMAGE_TRUNCATED: /);
  expect(status).toBe(1);
});

it.skipIf(missing)(`gives no verdict by a model that was not calibrated${missing}`, () => {
  const { stdout, stderr, status } = score('uncalibrated.onnx', '0-8.png');
  expect([stderr, status]).toEqual(['', 0]);
  expect(stdout).toMatch(/^0-8\.png,[-\d.e]+,\n$/);
});

it.skipIf(missing)(`scores as the model learnt, or not at all${missing}`, () => {
  const arrays = score('arrays.onnx', '0-8.png');
  expect([arrays.stdout, arrays.status]).toEqual(['', 1]);
  expect(arrays.stderr).toMatch(/^NO_RECIPE: .* give its recipe/);
  const cropped = score('cropped.onnx', '0-8.png');
  expect([cropped.stdout, cropped.status]).toEqual(['', 1]);
  expect(cropped.stderr).toMatch(/^NO_RECIPE: .*'preprocessXray'/);
  // White is 4095 or 65535, by the recipe: the same film has two scores, and above white it has none.
  const given = score('arrays.onnx', '0-8.png', '--recipe', '{"channels": 1}');
  expect([given.stderr, given.status]).toEqual(['', 0]);
  expect(score('twelve.onnx', 'deep.png').stdout).toBe('deep.png,nan,invalid\n');
  expect(score('plain.onnx', 'deep.png').stdout).toMatch(/^deep\.png,[-\d.e]+,/);
});

it.skipIf(missing)(
  `ends a run of chunks by its recipe, and names a film above white${missing}`,
  () => {
    const program = at('chunks.py');
    writeFileSync(
      program,
      `import json, sys
sys.path.insert(0, ${JSON.stringify(join(root, 'examples/python'))})
from film_chunks import ChunkScorer, Run
run = Run(*sys.argv[1:4])
(films,) = run.chunks()
ChunkScorer(run).score_chunk(films)
print(json.dumps({row["name"]: [row["score"], row["p_value"], row["verdict"], row["error"]] for row in run.table().to_pylist()}))
`,
    );
    writeFileSync(at('films.csv'), 'path\ndeep.png\n0-8.png\nlost.png\n');
    const cropped = scored(program, 'cropped.onnx', 'films.csv', 'out');
    expect([cropped.stdout, cropped.status]).toEqual(['', 1]);
    expect(cropped.stderr).toMatch(/^NO_RECIPE: /);
    const { stdout } = scored(program, 'twelve.onnx', 'films.csv', 'out');
    expect(JSON.parse(stdout)).toEqual({
      'deep.png': [null, null, 'invalid', expect.stringMatching(/^PIXEL_RANGE: .* 0 to 4095/)],
      '0-8.png': [expect.any(Number), expect.any(Number), expect.any(String), null],
      'lost.png': [null, null, null, expect.stringMatching(/^IMAGE_UNREADABLE: No such file/)],
    });
  },
);
