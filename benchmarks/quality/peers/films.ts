/**
 * Writes the films of data sets as arrays that numpy reads, rows and pixels as the tiers open them:
 *
 *   npx tsx benchmarks/quality/peers/films.ts output/quality-peers/films cxr-pneumonia knee
 *
 * A folder for each set: `train.npy` (normal films), `val.npy`, `test.npy`, their labels, and `experiment.json` with
 * the tier's seeds and size and the facts of the data, its hash among them.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ImageSource, normalsOf } from 'salad-ad/data';
import { type ExperimentData, runExperiment } from 'salad-ad/experiments';
import { openers } from '../data-sets.js';
import { tiers } from '../tiers.js';

const [folder, ...names] = process.argv.slice(2);
for (const name of names) await writeSet(name, join(folder, name));

async function writeSet(name: string, out: string): Promise<void> {
  const tier = [...tiers[1], ...tiers[2]].find(({ dataSets }) => dataSets.includes(name));
  if (!tier) throw new Error(`no tier has the data set ${name}`);
  const config = { ...tier, dataSets: [name] };
  let opened: ExperimentData | undefined;
  const open = async (): Promise<ExperimentData> => {
    opened = await openers(config.inputShape[0])[name]();
    return opened;
  };
  const facts = { dataSets: { [name]: open }, out: join(out, 'facts'), only: [] };
  const { data } = await runExperiment(config, facts);
  if (!opened) throw new Error(`${name} was not opened`);
  const { train, validation, test } = opened;
  await writePart(join(out, 'train'), normalsOf(train));
  await writePart(join(out, 'val'), validation);
  await writePart(join(out, 'test'), test);
  // Last, since it says that all is there.
  await writeFile(join(out, 'experiment.json'), JSON.stringify({ config, data }));
}

async function writePart(path: string, source: ImageSource): Promise<void> {
  const { pixels, shape } = await source.read(Array.from({ length: source.length }, (_, i) => i));
  const [height, width] = shape;
  await writeFile(`${path}.npy`, npy(pixels, [source.length, height, width]));
  await writeFile(`${path}-labels.npy`, npy(source.labels ?? [], [source.length]));
}

/** NumPy's format 1.0: a header of 128 bytes, then little-endian float32. */
function npy(values: ArrayLike<number>, shape: readonly number[]): Uint8Array {
  const fields = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(', ')},)}`;
  const header = `\x93NUMPY\x01\x00\x76\x00${fields.padEnd(117)}\n`;
  return Buffer.concat([
    Buffer.from(header, 'latin1'),
    new Uint8Array(Float32Array.from(values).buffer),
  ]);
}
