import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { beforeAll, expect, it } from 'vitest';
import { arraySource } from '../../src/index.js';
import { toOnnx } from '../../src/onnx/index.js';
import { heldModels, trainOn } from '../model/held-models.js';
import { bytesOf, normals, SIDE, tinyModel } from '../model/tiny.js';
import { folderFor, missingIn, root, runPython } from '../safetensors/python.js';

beforeAll(() => trainOn('wasm'));
const hold = heldModels();

const missing = missingIn('numpy', 'onnxruntime', 'PIL');

it.skipIf(missing)(`scores films as the model does, without a cluster${missing}`, async () => {
  const model = hold(tinyModel());
  await model.fit(normals(30), { validation: normals(24, 3, 'validation') });
  const folder = await folderFor('spark');
  await writeFile(join(folder, 'chest.onnx'), (await toOnnx(model)).bytes);
  const films = bytesOf([0, 1, 1], 9);
  const size = SIDE * SIDE;
  for (let i = 0; i < 3; i++) {
    const data = films.slice(i * size, (i + 1) * size);
    const png = encode({ data, width: SIDE, height: SIDE, channels: 1 });
    await writeFile(join(folder, `${i}.png`), png);
  }

  const page = await readFile(join(root, 'docs/deployment.md'), 'utf8');
  const [, program] = page.match(/^```python\n(.*?)^```$/ms)!;
  // What the workers do with their share of the files.
  const use = `
import json
films = ((name, open(name, "rb").read()) for name in ["0.png", "1.png", "2.png"])
json.dump(list(score(films)), open("scored.json", "w"))
`;
  await writeFile(join(folder, 'score.py'), program + use);
  await runPython('score.py', [], folder);

  const scored = JSON.parse(await readFile(join(folder, 'scored.json'), 'utf8'));
  const expected = await model.score(arraySource({ pixels: films, shape: [SIDE, SIDE, 1] }));
  expect(scored.map(([name]: [string]) => name)).toEqual(['0.png', '1.png', '2.png']);
  scored.forEach(([, score, p, verdict]: [string, number, number, number], i: number) => {
    expect(Math.abs(score - expected.scores[i])).toBeLessThan(1e-4 * (1 + expected.scores[i]));
    expect(p).toBeCloseTo(expected.pValues![i], 6);
    expect(verdict === 1).toBe(expected.abnormal![i]);
  });
});
