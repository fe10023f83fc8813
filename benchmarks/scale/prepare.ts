import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SaladModel } from 'salad-ad';
import { normalsOf } from 'salad-ad/data';
import { fileSystem, folderSource } from 'salad-ad/node';
import { toOnnx } from 'salad-ad/onnx';
import sharp from 'sharp';
import { loadPool } from '../../examples/chest-xray/data.js';

/** Files that no program can read, one every so many films. */
const POISON_EVERY = 5000;

/** Films that are written at once. */
const AT_ONCE = 16;

/** What all ways score, and by what. */
export interface Case {
  /** Of the films, by name. */
  readonly films: string;
  /** The model as a folder, and as an .onnx file. */
  readonly model: string;
  readonly onnx: string;
  readonly count: number;
}

/**
 * Films made of those of the chest X-ray example, each turned, brightened and enlarged in a way of its own, as PNG; a few are damaged. And a model that learnt
 * from some of them. What is there already stays.
 *
 * @param side of a film, in pixels
 */
export async function prepare(folder: string, count: number, side = 128): Promise<Case> {
  const films = join(folder, `films-${count}-${side}`);
  const learnt = join(folder, 'learnt');
  await writeFilms(films, count, 'test', { side, poison: true });
  await writeFilms(join(learnt, 'train/normal'), 200, 'train', { side: 128 });
  await writeFilms(join(learnt, 'val/normal'), 100, 'validation', { side: 128 });
  const model = join(folder, 'model');
  const onnx = join(folder, 'model.onnx');
  if (!(await exists(onnx))) await writeModel(learnt, model, onnx);
  return { films, model, onnx, count };
}

async function writeFilms(
  folder: string,
  count: number,
  part: 'train' | 'validation' | 'test',
  { side, poison = false }: { side: number; poison?: boolean },
): Promise<void> {
  await mkdir(folder, { recursive: true });
  if ((await readdir(folder)).length === count) return;
  const source = (await loadPool())[part];
  const wanted = part === 'test' ? [0, 1] : [0];
  const rows = Array.from(source.labels, Number).flatMap((label, i) =>
    wanted.includes(label) ? [i] : [],
  );
  const random = numbersFrom(7);
  const names = Array.from({ length: count }, (_, i) => `${String(i).padStart(6, '0')}.png`);
  const ways = names.map(() => [random(), random(), random()]);
  const write = async (name: string, i: number) => {
    const { pixels, shape } = await source.read([rows[i % rows.length]]);
    const [angle, brightness, offset] = ways[i];
    const raw = { width: shape[1], height: shape[0], channels: 1 as const };
    const bytes = await sharp(pixels as Uint8Array, { raw })
      .rotate(10 * (angle - 0.5), { background: { r: 0, g: 0, b: 0 } })
      .resize(side, side, { fit: 'fill' })
      .linear(0.9 + 0.2 * brightness, 10 * (offset - 0.5))
      .toColourspace('b-w')
      .png({ compressionLevel: 2 })
      .toBuffer();
    const damaged = poison && i % POISON_EVERY === Math.min(POISON_EVERY, count) >> 1;
    await writeFile(join(folder, name), damaged ? bytes.subarray(0, 60) : bytes);
  };
  for (let i = 0; i < count; i += AT_ONCE)
    await Promise.all(names.slice(i, i + AT_ONCE).map((name, j) => write(name, i + j)));
}

async function writeModel(learnt: string, folder: string, onnx: string): Promise<void> {
  const options = { channels: 1 as const };
  const train = await folderSource(learnt, { ...options, part: 'train' });
  const validation = await folderSource(learnt, { ...options, part: 'validation' });
  const model = SaladModel.create({
    backbone: { kind: 'convAutoencoder', inputShape: [64, 64, 1] },
    resize: { method: 'area', fit: 'stretch' },
    pretrainEpochs: 3,
    rounds: 1,
    epochsPerRound: 2,
    seed: 7,
  });
  await model.fit(normalsOf(train), { validation });
  await model.save(fileSystem(folder));
  const { bytes } = await toOnnx(model);
  await writeFile(onnx, bytes);
  model.dispose();
}

const exists = (path: string): Promise<boolean> =>
  readdir(join(path, '..')).then((names) => names.includes(path.split('/').at(-1) as string));

function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}
