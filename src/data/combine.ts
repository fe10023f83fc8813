import type { DecodedImage } from '../decoding/decoder.js';
import { recipeDifferences } from '../images/image-recipe.js';
import { checkSource, type ImageSource } from '../images/image-source.js';
import type { ImageBatch, ImageShape } from '../images/pixels.js';
import type { ImageProblem } from '../images/problems.js';
import { received } from '../images/read-images.js';
import { check, checkIndices } from '../support/check.js';
import { assembleBatch } from './assemble-batch.js';
import { locateTogether } from './locate-together.js';

/**
 * Makes a source of some images of another, in the order of `indices`.
 *
 * @param source where the images are
 * @param indices [images], whole numbers from 0 to `source.length` - 1; one may be there twice
 * @returns the source; image i of it is image `indices[i]` of `source`
 * @throws INVALID_OPTION, EMPTY_SET, INDEX_OUT_OF_RANGE; on reading INVALID_IMAGES and SHAPE_MISMATCH, where the source gives others than it
 *   was asked for
 * @example
 * const firstTen = subset(films, Array.from({ length: 10 }, (_, i) => i));
 */
export function subset(source: ImageSource, indices: ArrayLike<number>): ImageSource {
  checkSource('subset', source, '', 'source');
  checkIndices('subset', 'indices', indices, source.length, 'image');
  check(indices.length > 0, 'EMPTY_SET', () => 'subset: got no indices; expected at least one.');
  const chosen = Array.from(indices);
  const { ids, labels, patients, recipe, warnings } = source;
  const inSource = (positions: ArrayLike<number>) => Array.from(positions, (i) => chosen[i]);
  const locate = source.locate?.bind(source);
  return {
    length: chosen.length,
    ids: chosen.map((i) => ids[i]),
    ...(labels && { labels: chosen.map((i) => labels[i]) }),
    ...(patients && { patients: chosen.map((i) => patients[i]) }),
    ...(recipe && { recipe }),
    ...(warnings && { warnings }),
    ...(locate && { locate: (positions: ArrayLike<number>) => locate(inSource(positions)) }),
    async read(indices, caller = 'subset.read') {
      checkIndices(caller, 'indices', indices, chosen.length, 'image');
      const inner = inSource(indices);
      const request = { where: caller, indices, ids: inner.map((i) => ids[i]) };
      const {
        indices: _,
        ids: __,
        problems,
        ...batch
      } = received(request, await source.read(inner, caller), inner);
      return { ...batch, ...(batch.positions && { problems }) };
    },
  };
}

/**
 * Makes one source of several, behind one another.
 *
 * Where the images of a batch differ in type (8 and 16 bits, say), it is float32 in [0, 1].
 *
 * @param sources one or more
 * @returns the source; the images of the first come first
 * @throws EMPTY_SET; RECIPE_MISMATCH where they make their images of files in different ways; INVALID_OPTION when only some have labels, or only some have patients;
 *   on reading INDEX_OUT_OF_RANGE, PIXEL_RANGE, INVALID_IMAGES where a source gives others than it was asked for,
 *   and SHAPE_MISMATCH when the images differ in shape
 * @example
 * const films = concatSources(npzSource(file, { split: 'train' }), npzSource(file, { split: 'val' }));
 */
export function concatSources(...sources: readonly ImageSource[]): ImageSource {
  check(
    sources.length > 0,
    'EMPTY_SET',
    () => 'concatSources: got no sources; expected at least one.',
  );
  sources.forEach((source, i) => {
    checkSource('concatSources', source, '', `source ${i}`);
  });
  checkAllOrNone(sources, 'labels', 'whose known anomalies would count as normal');
  checkAllOrNone(sources, 'patients', 'whose overlap with another split would not be found');
  const { labels, patients } = sources[0];
  const recipe = sharedRecipe(sources);
  const ids = sources.flatMap((source) => [...source.ids]);
  const starts = [0];
  for (const source of sources) starts.push(starts[starts.length - 1] + source.length);
  const length = starts[sources.length];
  const warnings = sources.flatMap((source) => source.warnings ?? []);
  const placeOf = (index: number) => {
    const source = starts.findIndex((start) => start > index) - 1;
    return { source, position: index - starts[source] };
  };
  return {
    length,
    ...locateTogether(sources, placeOf),
    ids,
    ...(labels && { labels: sources.flatMap((source) => Array.from(source.labels ?? [])) }),
    ...(patients && { patients: sources.flatMap((source) => [...(source.patients ?? [])]) }),
    ...(recipe && { recipe }),
    ...(warnings.length > 0 && { warnings }),
    async read(indices, caller = 'concatSources.read') {
      checkIndices(caller, 'indices', indices, length, 'image');
      const images = new Map<number, DecodedImage>();
      const lost = new Map<number, ImageProblem>();
      let shape: ImageShape | undefined;
      const all = Array.from(indices, (_, place) => place);
      for (let s = 0; s < sources.length; s++) {
        const places = all.filter((i) => indices[i] >= starts[s] && indices[i] < starts[s + 1]);
        // An empty read still asks one source, for the shape of an image.
        if (places.length === 0 && (s + 1 < sources.length || shape)) continue;
        const inSource = places.map((place) => indices[place] - starts[s]);
        const request = {
          where: caller,
          indices: places.map((place) => indices[place]),
          ids: places.map((place) => ids[indices[place]]),
        };
        const batch = received(request, await sources[s].read(inSource, caller), inSource);
        shape ??= batch.shape;
        (batch.positions ?? [...places.keys()]).forEach((at, row) => {
          images.set(places[at], imageOf(batch, row));
        });
        for (const problem of batch.problems) lost.set(problem.index, problem);
      }
      const positions = all.filter((place) => images.has(place));
      const came = positions.map((place) => images.get(place) as DecodedImage);
      const names = positions.map((place) => ids[indices[place]]);
      const batch = assembleBatch(caller, came, names, shape as ImageShape);
      if (lost.size === 0) return batch;
      const missing = all.flatMap((place) =>
        images.has(place) ? [] : (lost.get(indices[place]) ?? []),
      );
      return { ...batch, positions, problems: missing };
    },
  };
}

/** The recipe of those that have one. @throws RECIPE_MISMATCH where two differ: a model could tell their images apart by it */
function sharedRecipe(sources: readonly ImageSource[]): ImageSource['recipe'] {
  const first = sources.findIndex(({ recipe }) => recipe);
  const recipe = sources[first]?.recipe;
  sources.forEach((source, i) => {
    const differences = recipeDifferences({ recipe }, source.recipe);
    check(
      differences.length === 0,
      'RECIPE_MISMATCH',
      () =>
        `concatSources: sources ${first} and ${i} make their images by different recipes: ${differences.map(({ step, learnt, given }) => `${step} is ${learnt} and ${given}`).join('; ')}; expected the same, for a model could tell them apart by it; give both the same options, or, where you want just this, give one { ...source, recipe: undefined }.`,
      { differences },
    );
  });
  return recipe;
}

function checkAllOrNone(
  sources: readonly ImageSource[],
  fact: 'labels' | 'patients',
  harm: string,
): void {
  const without = sources.findIndex((source) => source[fact] === undefined);
  check(
    without === -1 || sources.every((source) => source[fact] === undefined),
    'INVALID_OPTION',
    () =>
      `concatSources: source ${without} has no ${fact} but another has; expected all or none, for one ${harm}; give it its ${fact}.`,
    { source: without },
  );
}

/** An image of a batch as it lies in it. */
function imageOf({ pixels, shape, bitsStored, masks }: ImageBatch, row: number): DecodedImage {
  const area = shape[0] * shape[1];
  const size = area * shape[2];
  const mask = masks?.subarray(row * area, (row + 1) * area);
  return { pixels: pixels.subarray(row * size, (row + 1) * size), shape, bitsStored, mask };
}
