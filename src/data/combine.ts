import type { ImageSource } from '../images/image-source.js';
import { type ImageBatch, toUnitRange } from '../images/pixels.js';
import { toUnreadable, unreadableOf } from '../images/unreadable.js';
import { check, checkIndices } from '../support/check.js';
import { emptyLike } from './array-source.js';
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
    async read(positions) {
      checkIndices('subset.read', 'indices', positions, chosen.length);
      return source.read(inSource(positions));
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
    ids: sources.flatMap((source) => [...source.ids]),
    ...(labels && { labels: sources.flatMap((source) => Array.from(source.labels ?? [])) }),
    ...(patients && { patients: sources.flatMap((source) => [...(source.patients ?? [])]) }),
    async read(indices) {
      checkIndices('concatSources.read', 'indices', indices, length);
      const parts: Part[] = [];
      for (let s = 0; s < sources.length; s++) {
        const positions = Array.from(indices, (_, i) => i).filter(
          (i) => indices[i] >= starts[s] && indices[i] < starts[s + 1],
        );
        // An empty read still asks one source, for the shape of an image.
        if (positions.length === 0 && (s + 1 < sources.length || parts.length > 0)) continue;
        const batch = await sources[s].read(positions.map((i) => indices[i] - starts[s]));
        parts.push({ positions, batch });
      }
      return interleave(parts, indices.length);
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

interface Part {
  readonly positions: readonly number[];
  readonly batch: ImageBatch;
}

/** One batch with the images of each part at its positions. */
function interleave(parts: readonly Part[], count: number): ImageBatch {
  // A source that could read none of its images need not know their shape.
  const read = parts.filter(
    ({ positions, batch }) => (batch.unreadable?.length ?? 0) < positions.length,
  );
  const first = (read[0] ?? parts[0]).batch;
  const { shape } = first;
  const size = shape[0] * shape[1] * shape[2];
  for (const { batch } of read)
    check(
      batch.shape.join() === shape.join(),
      'SHAPE_MISMATCH',
      () =>
        `concatSources.read: images have shapes [${shape.join(', ')}] and [${batch.shape.join(', ')}]; expected one shape; resize one of the sources.`,
      { shapes: [shape, batch.shape] },
    );
  const sameKind = read.every(
    ({ batch }) =>
      batch.pixels.constructor === first.pixels.constructor &&
      batch.bitsStored === first.bitsStored,
  );
  const unit = (batch: ImageBatch) => (sameKind ? batch.pixels : toUnitRange(batch));
  const pixels = sameKind ? emptyLike(first.pixels, count * size) : new Float32Array(count * size);
  for (const { positions, batch } of read) {
    const values = unit(batch);
    for (let i = 0; i < positions.length; i++)
      pixels.set(values.subarray(i * size, (i + 1) * size), positions[i] * size);
  }
  const masked = read.some(({ batch }) => batch.masks);
  const area = shape[0] * shape[1];
  const masks = masked && new Uint8Array(count * area).fill(255);
  if (masks)
    for (const { positions, batch } of read)
      positions.forEach((position, i) => {
        const mask = batch.masks?.subarray(i * area, (i + 1) * area);
        if (mask) masks.set(mask, position * area);
      });
  const { bitsStored } = first;
  const lost = parts.flatMap(({ positions, batch }) =>
    unreadableOf(batch).map(({ position, reason }) => ({ position: positions[position], reason })),
  );
  return {
    pixels,
    shape,
    ...(sameKind && bitsStored !== undefined && { bitsStored }),
    ...(masks && { masks }),
    ...toUnreadable(lost),
  };
}
