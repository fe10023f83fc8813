import { resolve } from 'node:path';
import type { ImageRecipe, ImageSource, Preparation } from 'salad-ad';
import { unusable } from '../frame/failure.js';
import { library } from '../frame/library.js';
import { commonFolder, pathBelow } from './common-folder.js';

/**
 * Files as a source that makes its images as those that the model learnt from were made. Threads read them by themselves where the
 * recipe holds all that they need.
 *
 * @param files whose names are the ids
 * @param given what takes the place of the model's recipe, from a configuration file
 * @throws Failure where the model has no recipe and none is given, or one of a function that is in no file
 */
export async function filesByRecipe(
  files: readonly string[],
  { recipe, inputShape, resize }: Pick<Preparation, 'recipe' | 'inputShape' | 'resize'>,
  given?: Partial<ImageRecipe>,
): Promise<ImageSource> {
  if (!recipe && !given)
    throw unusable(
      'the model does not say how its images were made of files, since it learnt from arrays; give it in a configuration file, as { "recipe": { "size": [64, 64], "resize": { "method": "area", "fit": "pad" } } }',
    );
  const own = resize && !recipe?.size && { size: [inputShape[0], inputShape[1]] as const, resize };
  const { size, channels, bitsStored, decoders, transform, ...rest } = {
    ...own,
    ...recipe,
    ...given,
  };
  if (transform && transform.name !== 'preprocessXray')
    throw unusable(
      `the model learnt from images that went through a function of its author ('${transform.name}'), which no file holds; score them by a program with \`model.scoreFiles\``,
    );
  const { recordSource } = library('salad-ad/node');
  const root = commonFolder(files.map((file) => resolve(file)));
  const records = files.map((file) => ({
    path: pathBelow(root, resolve(file)),
    id: file,
  }));
  const settings = {
    ...(size && { size }),
    ...(rest.resize && { resize: rest.resize }),
    channels: channels ?? (inputShape[2] === 3 ? (3 as const) : (1 as const)),
    ...(bitsStored !== undefined && { bitsStored }),
    // Each image is asked for once, wherever its link leads.
    cacheBytes: 0,
    followLinks: true,
    onUnreadable: 'skip' as const,
  };
  const plain = recordSource(root, records, settings);
  if (!transform && sameDecoders(plain.recipe?.decoders, decoders)) return plain;
  return recordSource(root, records, {
    ...settings,
    decoders: await decodersOf(decoders),
    ...(transform && { transform: await transformOf(transform) }),
  });
}

const sameDecoders = (ours: unknown, theirs: unknown) =>
  theirs === undefined || JSON.stringify(ours) === JSON.stringify(theirs);

async function decodersOf(told: ImageRecipe['decoders']) {
  const { dicom } = library('salad-ad/dicom');
  const { nodeImages } = library('salad-ad/node');
  return [dicom(told?.dicom), nodeImages()];
}

async function transformOf({ options }: NonNullable<ImageRecipe['transform']>) {
  const { preprocessXray } = library('salad-ad/preprocessing');
  return preprocessXray(options);
}
