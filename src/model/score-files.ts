import type { DecodingOptions } from '../data/decoding-options.js';
import { type GivenFile, recipeSource } from '../data/recipe-source.js';
import type { ImageRecipe } from '../images/image-recipe.js';
import type { ImageSource } from '../images/image-source.js';
import type { Preparation } from '../images/preparation.js';
import { check, checkKnownOptions, type OptionNames } from '../support/check.js';
import type { ScoreOptions } from './compare.js';

/** Options of `scoreFiles`, all with defaults. */
export interface ScoreFilesOptions
  extends Omit<ScoreOptions, 'ownRows' | 'recipe'>,
    Pick<DecodingOptions, 'transform' | 'maxPixels'> {
  /**
   * Steps that differ from the model's own recipe; required for a model that has none, such as one that learnt from arrays.
   *
   * @defaultValue the recipe of the images that the model learnt from
   */
  readonly recipe?: Partial<ImageRecipe>;
  /**
   * Each file is decoded by the first of these that accepts it.
   *
   * @defaultValue in Node `[dicom(), nodeImages()]`, as the recipe has them; in a page `[browserImages()]`
   */
  readonly decoders?: DecodingOptions['decoders'];
}

const optionNames: OptionNames<ScoreFilesOptions> = {
  recipe: true,
  decoders: true,
  transform: true,
  maxPixels: true,
  groups: true,
  onWarning: true,
  signal: true,
};

const recipeNames: OptionNames<ImageRecipe> = {
  channels: true,
  size: true,
  resize: true,
  bitsStored: true,
  decoders: true,
  transform: true,
};

/**
 * Files as a source that makes its images by the recipe of a model.
 *
 * @returns the source, and the options of `score` that are left
 * @throws NO_RECIPE, EMPTY_SET, INVALID_OPTION, UNKNOWN_OPTION
 */
export async function filesByRecipe(
  where: string,
  preparation: Preparation,
  files: Iterable<GivenFile>,
  options: ScoreFilesOptions,
): Promise<{ source: ImageSource; scoring: ScoreOptions }> {
  checkKnownOptions(where, options, optionNames);
  const { recipe: given, decoders, transform, maxPixels, ...rest } = options;
  const recipe = completed(where, preparation, given);
  const source = await recipeSource(where, recipe, files, { decoders, transform, maxPixels });
  return { source, scoring: { ...rest, recipe: given ? 'source' : 'model' } };
}

/** The model's recipe, with what is given in its place. What the model resizes by itself, it may as well get resized. */
function completed(
  where: string,
  { recipe, inputShape, resize }: Preparation,
  given: Partial<ImageRecipe> | undefined,
): ImageRecipe {
  if (given) checkKnownOptions(`${where}: recipe`, given, recipeNames);
  check(
    (recipe ?? given) !== undefined,
    'NO_RECIPE',
    () =>
      `${where}: the model does not know how its images were made of files, since it learnt from arrays or was saved by version 0.1; expected its recipe; give it, such as recipe: { size: [${inputShape[0]}, ${inputShape[1]}], resize: { method: 'area', fit: 'pad' } }.`,
  );
  const own = resize && { size: [inputShape[0], inputShape[1]] as const, resize };
  const sized = { ...recipe, ...given };
  return {
    ...(sized.size ? {} : own),
    ...sized,
    channels: sized.channels ?? channelsOf(inputShape),
  };
}

const channelsOf = ([, , channels]: Preparation['inputShape']): 1 | 3 => (channels === 3 ? 3 : 1);
