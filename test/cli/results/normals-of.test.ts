import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { normalsOf } from '../../../src/cli/results/normals-of.js';

const folder = mkdtempSync(join(tmpdir(), 'salad-ad-normals-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
function model(name: string, userDefinedMetadata: object): string {
  mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, name, 'model.json'), JSON.stringify({ userDefinedMetadata }));
  return join(folder, name);
}
const calibration = { threshold: { value: 3 }, normalScores: { all: [1, 2, 4] } };

it('a model of fit and a sum of models keep the scores of their normals', async () => {
  const found = { threshold: 3, normalScores: [1, 2, 4] };
  expect(await normalsOf(model('fit', { saladAd: calibration }))).toEqual(found);
  const saladAdDetector = { config: { kind: 'combinedDetector' }, facts: { calibration } };
  expect(await normalsOf(model('sum', { saladAdDetector }))).toEqual(found);
});

it('one that has none is refused by name', async () => {
  await expect(normalsOf(model('plain', { saladAd: {} }))).rejects.toThrow(
    /'.*plain' \(a model of `salad-ad fit`\) holds no scores of normal images/,
  );
  const saladAdDetector = { config: { kind: 'pixelMean' }, facts: {} };
  await expect(normalsOf(model('mean', { saladAdDetector }))).rejects.toThrow('(pixelMean) holds');
  writeFileSync(join(folder, 'model.onnx'), '');
  await expect(normalsOf(join(folder, 'model.onnx'))).rejects.toThrow('is an exported file');
  await expect(normalsOf(join(folder, 'none'))).rejects.toThrow('there is no model at');
});
