import type { DecodedImage } from '../decoding/decoder.js';
import type { ImageSource } from '../images/image-source.js';
import type { ImageBatch, ImageShape } from '../images/pixels.js';
import type { ImageProblem } from '../images/problems.js';
import { problemsIn } from '../images/read-images.js';
import { check, checkIndices } from '../support/check.js';
import { assembleBatch, type NamedImage } from './assemble-batch.js';
import { locateTogether } from './locate-together.js';

/**
 * The images at `indices` of a source, in that order, as a source of their own.
 *
 * @throws EMPTY_SET, INDEX_OUT_OF_RANGE
 */
export function subset(source: ImageSource, indices: ArrayLike<number>): ImageSource {
  checkIndices('subset', 'indices', indices, source.length);
  check(indices.length > 0, 'EMPTY_SET', () => 'subset: got no indices; expected at least one.');
  const chosen = Array.from(indices);
  const { ids, labels, patients } = source;
  const inSource = (positions: ArrayLike<number>) => Array.from(positions, (i) => chosen[i]);
  const locate = source.locate?.bind(source);
  return {
    length: chosen.length,
    ids: chosen.map((i) => ids[i]),
    ...(labels && { labels: chosen.map((i) => labels[i]) }),
    ...(patients && { patients: chosen.map((i) => patients[i]) }),
    ...(locate && { locate: (positions: ArrayLike<number>) => locate(inSource(positions)) }),
    async read(indices, caller = 'subset.read') {
      checkIndices(caller, 'indices', indices, chosen.length);
      const batch = await source.read(inSource(indices), caller);
      if (!batch.positions) return batch;
      const own = { indices, ids: Array.from(indices, (i) => ids[chosen[i]]) };
      return { ...batch, problems: problemsIn(own, batch) };
    },
  };
}

/**
 * Several sources behind one another.
 *
 * Where a batch takes pixels of different kinds (8 and 16 bits, say), it is float32 in [0, 1].
 *
 * @throws EMPTY_SET; INVALID_OPTION when only some know labels, or only some know patients;
 *   on reading SHAPE_MISMATCH when the images differ in shape
 */
export function concatSources(...sources: readonly ImageSource[]): ImageSource {
  check(
    sources.length > 0,
    'EMPTY_SET',
    () => 'concatSources: got no sources; expected at least one.',
  );
  checkAllOrNone(sources, 'labels', 'whose known anomalies would count as normal');
  checkAllOrNone(sources, 'patients', 'whose overlap with another split would not be found');
  const { labels, patients } = sources[0];
  const ids = sources.flatMap((source) => [...source.ids]);
  const starts = [0];
  for (const source of sources) starts.push(starts[starts.length - 1] + source.length);
  const length = starts[sources.length];
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
    async read(indices, caller = 'concatSources.read') {
      checkIndices(caller, 'indices', indices, length);
      const images = new Map<number, NamedImage>();
      const lost = new Map<number, ImageProblem>();
      let shape: ImageShape | undefined;
      const all = Array.from(indices, (_, place) => place);
      for (let s = 0; s < sources.length; s++) {
        const places = all.filter((i) => indices[i] >= starts[s] && indices[i] < starts[s + 1]);
        // An empty read still asks one source, for the shape of an image.
        if (places.length === 0 && (s + 1 < sources.length || shape)) continue;
        const inSource = places.map((place) => indices[place] - starts[s]);
        const batch = await sources[s].read(inSource, caller);
        shape ??= batch.shape;
        const names = places.map((place) => ids[indices[place]]);
        (batch.positions ?? [...places.keys()]).forEach((at, row) => {
          images.set(places[at], { id: names[at], ...imageOf(batch, row) });
        });
        for (const problem of problemsIn({ indices: places, ids: names }, batch))
          lost.set(problem.index, { ...problem, index: indices[problem.index] });
      }
      const positions = all.filter((place) => images.has(place));
      const came = positions.map((place) => images.get(place) as NamedImage);
      const batch = assembleBatch(caller, came, shape as ImageShape);
      if (lost.size === 0) return batch;
      return { ...batch, positions, problems: all.flatMap((place) => lost.get(place) ?? []) };
    },
  };
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
