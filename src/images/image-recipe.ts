import { canonicalJson } from '../support/canonical-json.js';
import { check, checkNumber } from '../support/check.js';
import { SaladError } from '../support/errors.js';
import type { ImageShape } from './pixels.js';
import { checkResizePolicy, type ResizePolicy } from './resize.js';

/**
 * How a source makes images of files, as JSON. A model keeps the recipe of the images that it learnt from, and scores
 * files by it.
 */
export interface ImageRecipe {
  /** 1: grey; 3: colour. */
  readonly channels: 1 | 3;
  /** Height and width in pixels that every image is brought to; absent: each keeps its own. */
  readonly size?: readonly [height: number, width: number];
  /** How images of another size are brought to `size`; absent without `size`. */
  readonly resize?: ResizePolicy;
  /** Bits in use of 16-bit pixels, 1 to 16, where their file does not say; absent: all 16. */
  readonly bitsStored?: number;
  /** What decoders were told, by their names, such as `{ dicom: { window: 'full' } }`; absent: nothing. */
  readonly decoders?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** What was done to images as decoded; absent: nothing. */
  readonly transform?: {
    /** Of a function of the library, such as 'preprocessXray', or 'custom': its code is not in the recipe. */
    readonly name: string;
    /** What it is made from again; absent where it is custom. */
    readonly options?: Readonly<Record<string, unknown>>;
  };
}

/** Whether it is one, which that of a damaged file or of a source of the user's may not be. @throws INVALID_OPTION, UNKNOWN_OPTION */
export function checkImageRecipe(where: string, recipe: ImageRecipe): void {
  const isObject = (value: unknown) => typeof value === 'object' && value !== null;
  const { channels, size, resize, bitsStored, decoders = {}, transform } = Object(recipe);
  check(
    isObject(recipe) &&
      (channels === 1 || channels === 3) &&
      (size === undefined || (Array.isArray(size) && size.length === 2)) &&
      isObject(decoders) &&
      Object.values(decoders).every(isObject) &&
      (transform === undefined || typeof transform?.name === 'string'),
    'INVALID_OPTION',
    () =>
      `${where}: recipe is ${JSON.stringify(recipe)}; expected that of a source of files: { channels: 1, size: [64, 64], resize: { method: 'area', fit: 'pad' } } and so on.`,
  );
  for (const side of size ?? [])
    checkNumber(where, 'size of the recipe', side, { min: 1, integer: true });
  if (resize !== undefined) checkResizePolicy(where, resize);
  if (bitsStored !== undefined)
    checkNumber(where, 'bitsStored of the recipe', bitsStored, { min: 1, max: 16, integer: true });
}

/** What a model does after the recipe: images of another size may be brought to its input by either. */
export interface LearntRecipe {
  readonly recipe?: ImageRecipe;
  readonly inputShape?: ImageShape;
  readonly resize?: ResizePolicy;
}

/** A step that two recipes do in different ways; each way as text. */
export interface RecipeDifference {
  readonly step: string;
  readonly learnt: string;
  readonly given: string;
}

/**
 * The steps by which images differ from those that a model learnt from.
 *
 * Without `size`, and without a resize of the model, images are of the right size already: nobody knows how they came to
 * it, so nothing is compared. Options of a decoder count where both have it.
 */
export function recipeDifferences(
  { recipe: learnt, ...model }: LearntRecipe,
  given: ImageRecipe | undefined,
): RecipeDifference[] {
  if (!learnt || !given) return [];
  const [before, after] = [sizing(learnt, model), sizing(given, model)];
  const shared = Object.keys(learnt.decoders ?? {}).filter((name) => given.decoders?.[name]);
  const steps: readonly (readonly [step: string, learnt: unknown, given: unknown])[] = [
    ['channels', learnt.channels, given.channels],
    ...(before && after
      ? ([
          ['size', before.size, after.size],
          ['resize', before.resize, after.resize],
        ] as const)
      : []),
    ['bitsStored', learnt.bitsStored ?? 16, given.bitsStored ?? 16],
    ...shared.map((name) => [name, learnt.decoders?.[name], given.decoders?.[name]] as const),
    ['transform', learnt.transform, given.transform],
  ];
  return steps
    .map(([step, one, other]) => ({ step, learnt: textOf(one), given: textOf(other) }))
    .filter(({ learnt, given }) => learnt !== given);
}

/**
 * Images made by another recipe than those that a model learnt from are refused. Arrays and tensors have no recipe, and
 * pass.
 *
 * @throws RECIPE_MISMATCH
 */
export function checkRecipe(
  where: string,
  learnt: LearntRecipe,
  source: { readonly recipe?: ImageRecipe },
): void {
  const differences = recipeDifferences(learnt, source.recipe);
  if (differences.length === 0) return;
  const told = differences.map((one) => `${one.step} is ${one.given} but was ${one.learnt}`);
  throw new SaladError(
    'RECIPE_MISMATCH',
    `${where}: the source makes its images by another recipe than those that the model learnt from: ${told.join('; ')}; expected the same, for the scores would mean nothing; give the source the options of model.preparation.recipe (scoreFiles does so by itself), or, where you want just this, pass recipe: 'source' to score, or the images as { ...source, recipe: undefined } to any call.`,
    { differences },
  );
}

/** How images of another size are brought to one, by the source or else by the model. */
function sizing(
  { size, resize }: ImageRecipe,
  { inputShape, resize: policy }: Omit<LearntRecipe, 'recipe'>,
): Pick<ImageRecipe, 'size' | 'resize'> | undefined {
  if (size) return { size, resize };
  return policy && inputShape && { size: [inputShape[0], inputShape[1]], resize: policy };
}

function textOf(value: unknown): string {
  return value === undefined ? 'none' : canonicalJson(value);
}
