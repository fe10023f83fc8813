import { resolve } from 'node:path';
import type { ImageRecipe, ImageSource, Preparation } from 'salad-ad';
import { unusable } from '../frame/failure.js';
import { library } from '../frame/library.js';
import { commonFolder, pathBelow } from './common-folder.js';
import { type ListedFilms, recordsOf } from './films-of-archive.js';

/**
 * Files as a source that makes its images as those that the model learnt from were made. Threads read them by themselves where the
 * recipe holds all that they need.
 *
 * @param files whose names are the ids
 * @param given what takes the place of the model's recipe, from a configuration file
 * @param archive has the files where they are not paths
 * @throws Failure where the model has no recipe and none is given, or one of a function that is in no file
 */
export async function filesByRecipe(
  files: readonly string[],
  { recipe, inputShape, resize }: Pick<Preparation, 'recipe' | 'inputShape' | 'resize'>,
  given?: Partial<ImageRecipe>,
  archive?: ListedFilms,
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
  const settings = {
    ...(size && { size }),
    ...(rest.resize && { resize: rest.resize }),
    channels: channels ?? (inputShape[2] === 3 ? (3 as const) : (1 as const)),
    ...(bitsStored !== undefined && { bitsStored }),
    // Each image is asked for once.
    cacheBytes: 0,
    onUnreadable: 'skip' as const,
  };
  const code = async () => ({
    decoders: await decodersOf(decoders),
    ...(transform && { transform: await transformOf(transform) }),
  });
  if (archive) {
    const { imageSource } = library('salad-ad/data');
    const { open } = archive;
    return imageSource(recordsOf(archive, files), { ...settings, ...(await code()), open });
  }
  const { recordSource } = library('salad-ad/node');
  const root = commonFolder(files.map((file) => resolve(file)));
  const records = files.map((file) => ({
    path: pathBelow(root, resolve(file)),
    id: file,
  }));
  // Wherever its link leads.
  const linked = { ...settings, followLinks: true };
  const plain = recordSource(root, records, linked);
  if (!transform && sameDecoders(plain.recipe?.decoders, decoders)) return plain;
  return recordSource(root, records, { ...linked, ...(await code()) });
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
