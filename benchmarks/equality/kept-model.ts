import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SaladModel } from 'salad-ad';
import { fileSystem } from 'salad-ad/node';
import { toOnnx } from 'salad-ad/onnx';
import { chestModel } from '../../examples/chest-xray/model.js';
import { type FilmSets, type Films, filmSets, sourceOf } from './films.js';

/** The files of a model, by how they hold their numbers. */
export const heldAs = {
  float32: {},
  float16: { weights: 'float16' },
  int8: { bank: 'int8' },
} as const;

/** A model with everything that a runtime is handed, in files. */
export interface KeptModel {
  readonly size: number;
  readonly model: SaladModel;
  /** The test films, also in `films.bin`. */
  readonly films: Films;
  /** Holds the model, `films.bin` and a .onnx file for each of `heldAs`. */
  readonly folder: string;
}

/** What is compared; the second is a narrow network, learnt briefly of few films, so that the table takes minutes. */
const MODELS: Readonly<
  Record<
    number,
    {
      counts: Record<keyof FilmSets, number>;
      filmSize?: readonly [number, number];
      /** Not fitted. */
      create(): SaladModel;
    }
  >
> = {
  64: {
    counts: { train: 512, validation: 130, test: 200 },
    create: () =>
      chestModel({ size: 64, seed: 1, pretrainEpochs: 3, rounds: 1, epochsPerRound: 1 }),
  },
  256: {
    counts: { train: 128, validation: 60, test: 200 },
    filmSize: [300, 280],
    create: () =>
      SaladModel.create({
        backbone: {
          kind: 'convAutoencoder',
          inputShape: [256, 256, 1],
          channels: [8, 8, 16, 32, 64, 64],
        },
        resize: { method: 'area', fit: 'stretch' },
        seed: 1,
        batchSize: 16,
        pretrainEpochs: 6,
        rounds: 1,
        epochsPerRound: 2,
      }),
  },
};

/** The model of a size, learnt on the present backend, or kept from the run before. */
export async function keptModel(size: number, root: string): Promise<KeptModel> {
  const { counts, filmSize, create } = MODELS[size];
  const folder = join(root, String(size));
  const stored = fileSystem(join(folder, 'model'));
  const { train, validation, test: films } = await filmSets(counts, filmSize);
  if (!existsSync(join(folder, 'model', 'model.json'))) {
    const fitted = create();
    await fitted.fit(sourceOf(train), { validation: sourceOf(validation) });
    await mkdir(folder, { recursive: true });
    await fitted.save(stored);
    fitted.dispose();
  }
  const model = await SaladModel.load(stored);
  for (const [name, options] of Object.entries(heldAs))
    await writeFile(join(folder, `${name}.onnx`), (await toOnnx(model, options)).bytes);
  await writeFile(join(folder, 'films.bin'), films.pixels);
  return { size, model, films, folder };
}
