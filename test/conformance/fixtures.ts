import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { fileSystem } from '../../src/node/index.js';
import type { Fixtures } from './suite.js';

const folder = new URL('../fixtures/', import.meta.url);

/** The fixtures of the suite, from disk. */
export async function readFixtures(): Promise<Fixtures> {
  const json = async (name: string) => JSON.parse(await readFile(new URL(name, folder), 'utf8'));
  const { weightData, ...artifacts } = await fileSystem(
    fileURLToPath(new URL('model-v1', folder)),
  ).load();
  const { pixels, ...scores } = await json('model-v1/scores.json');
  const weights = [weightData ?? []].flat().flatMap((part) => [...new Uint8Array(part)]);
  const savedModel = { artifacts, weights, images: { pixels }, scores };
  const lite0 = await readFile(
    new URL('../../src/encoders/efficientnet-lite0.bin', import.meta.url),
  );
  const references = await json('encoders/efficientnet-lite0.json');
  const encoder = { weights: lite0.toString('base64'), references };
  return { golden: (await json('golden-cases.json')).cases, savedModel, encoder };
}
