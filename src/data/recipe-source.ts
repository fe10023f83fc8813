import type { Decoder } from '../decoding/decoder.js';
import { checkFileSize, defaultMaxPixels } from '../decoding/pixel-limit.js';
import type { ImageRecipe } from '../images/image-recipe.js';
import type { ImageSource } from '../images/image-source.js';
import { check } from '../support/check.js';
import { decodedSource } from './decoded-source.js';
import type { DecodingOptions } from './decoding-options.js';
import type { FileDecoding } from './file-decoding.js';
import { readBlob } from './read-blob.js';

/** A file, however it is at hand; a path only in Node. */
export type GivenFile = string | Blob | Uint8Array;

/**
 * Files as a source that makes its images by a recipe; those that cannot be read are left out of its batches and named.
 *
 * @param code what a recipe does not hold, in place of what the library has for it
 * @throws NO_RECIPE where it names code that is not at hand; EMPTY_SET, INVALID_OPTION
 */
export async function recipeSource(
  where: string,
  recipe: ImageRecipe,
  files: Iterable<GivenFile>,
  code: Pick<DecodingOptions, 'decoders' | 'transform' | 'maxPixels'>,
): Promise<ImageSource> {
  const list = checkFiles(where, files);
  const decoding = await fileDecoding();
  const { maxPixels = defaultMaxPixels } = code;
  const { channels, size, resize, bitsStored } = recipe;
  return decodedSource(
    where,
    list.map((file, i) => ({ path: String(i), id: nameOf(file, i) })),
    {
      open: ({ path }) => open(where, list[Number(path)], maxPixels, decoding),
      decoders: code.decoders ?? (await decodersOf(where, recipe, decoding)),
      transform: code.transform ?? (await transformOf(where, recipe, decoding)),
      channels,
      size,
      resize,
      bitsStored,
      maxPixels,
      onUnreadable: 'skip',
      // Each image is asked for once.
      cacheBytes: 0,
    },
  );
}

/** That of the place where the library runs. */
async function fileDecoding(): Promise<FileDecoding> {
  return (await import('#file-decoding')).fileDecoding;
}

function checkFiles(where: string, files: Iterable<GivenFile>): readonly GivenFile[] {
  const isList = typeof files === 'object' && files !== null && Symbol.iterator in files;
  check(
    isList && !(files instanceof Uint8Array),
    'INVALID_OPTION',
    () =>
      `${where}: files is ${isList ? 'one Uint8Array' : String(files)}; expected a list, [file].`,
  );
  const list = [...files];
  check(list.length > 0, 'EMPTY_SET', () => `${where}: got no files; expected at least one.`);
  list.forEach((file, i) => {
    check(
      typeof file === 'string' || file instanceof Uint8Array || file instanceof Blob,
      'INVALID_OPTION',
      () =>
        `${where}: files[${i}] is ${String(file)}; expected a path or a file:// URL as text, a File, a Blob or a Uint8Array.`,
      { position: i },
    );
  });
  return list;
}

const nameOf = (file: GivenFile, i: number): string =>
  typeof file === 'string' ? file : ((file as Partial<File>).name ?? `file-${i}`);

async function open(
  where: string,
  file: GivenFile,
  maxPixels: number,
  decoding: FileDecoding,
): Promise<Uint8Array> {
  if (typeof file === 'string') return decoding.open(where, file, maxPixels);
  if (file instanceof Blob) return readBlob(file, maxPixels);
  checkFileSize(undefined, file.byteLength, maxPixels);
  return file;
}

async function decodersOf(
  where: string,
  { decoders: told }: ImageRecipe,
  decoding: FileDecoding,
): Promise<readonly Decoder[]> {
  const unknown = Object.keys(told ?? {}).find((name) => name !== 'dicom');
  check(
    unknown === undefined,
    'NO_RECIPE',
    () =>
      `${where}: the images that the model learnt from were decoded by '${unknown}', whose code it does not hold; expected decoders with it; give them.`,
    { decoder: unknown },
  );
  return decoding.decoders(where, told);
}

async function transformOf(
  where: string,
  { transform: step }: ImageRecipe,
  decoding: FileDecoding,
): Promise<DecodingOptions['transform']> {
  if (!step) return undefined;
  const transform = await decoding.transform(step);
  check(
    transform !== undefined,
    'NO_RECIPE',
    () =>
      `${where}: the images that the model learnt from went through the transform '${step.name}', which is not at hand here; expected it as transform${step.options ? ` with the options ${JSON.stringify(step.options)}` : ''}; give the same.`,
    { transform: step },
  );
  return transform;
}
