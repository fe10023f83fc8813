import { imageProblem } from '../decoding/image-problem.js';
import type { DataSet } from './data-set.js';
import type { Element, Item } from './elements.js';
import { PIXEL_DATA } from './parse-file.js';

const EXTENDED_OFFSETS = 'x7fe00001';
const EXTENDED_LENGTHS = 'x7fe00002';

const invalid = (found: string, expected: string) =>
  imageProblem('IMAGE_INVALID', 'dicom', found, `expected ${expected}; the file is damaged`);

/**
 * The fragments that one frame of encapsulated pixel data lies in: by the Extended Offset Table, else, where that is
 * not plain, by the Basic Offset Table.
 *
 * @throws IMAGE_INVALID where a table is wrong; IMAGE_UNSUPPORTED where there is none and it takes one
 * @see DICOM PS3.5, A.4; PS3.3, C.7.6.3.1.8.
 */
export function fragmentsOf(dataSet: DataSet, frames: number, frame: number): readonly Item[] {
  const [table, ...fragments] = dataSet.places(dataSet.element(PIXEL_DATA) as Element);
  if (fragments.length === 0) throw invalid('PixelData has no fragments', 'one at least');
  if (dataSet.element(EXTENDED_OFFSETS)?.length) {
    const offsets = extended(dataSet, EXTENDED_OFFSETS, 'ExtendedOffsetTable', frames);
    return withLength(dataSet, frames, frame, located(fragments, offsets, frame));
  }
  if (frames === 1) return fragments;
  if (fragments.length === frames) return [fragments[frame]];
  if (table.length !== 4 * frames)
    throw imageProblem(
      'IMAGE_UNSUPPORTED',
      'dicom',
      `${frames} frames lie in ${fragments.length} fragments without a table of their offsets`,
      'expected a Basic Offset Table or an Extended Offset Table; write the file anew with `gdcmconv --raw`',
    );
  return located(fragments, dataSet.uint32sIn(table), frame);
}

/** From the one at the frame's offset to the one before the next offset. */
function located(
  fragments: readonly Item[],
  offsets: readonly number[],
  frame: number,
): readonly Item[] {
  const from = offsets[frame];
  const to = offsets.reduce(
    (least, one) => (one > from ? Math.min(least, one) : least),
    Number.POSITIVE_INFINITY,
  );
  const [{ at: first }] = fragments;
  const chosen = fragments.filter(({ at }) => at - first >= from && at - first < to);
  if (chosen.length === 0 || chosen[0].at - first !== from)
    throw invalid(`no fragment begins at ${from}, the offset of frame ${frame}`, 'one there');
  return chosen;
}

/** The lengths of the table leave out the byte that makes a fragment even. */
function withLength(
  dataSet: DataSet,
  frames: number,
  frame: number,
  chosen: readonly Item[],
): readonly Item[] {
  if (!dataSet.element(EXTENDED_LENGTHS)?.length) return chosen;
  const said = extended(dataSet, EXTENDED_LENGTHS, 'ExtendedOffsetTableLengths', frames)[frame];
  const spare = chosen.reduce((sum, { length }) => sum + length, 0) - said;
  const last = chosen[chosen.length - 1];
  if (spare < 0 || spare > 1)
    throw invalid(
      `ExtendedOffsetTableLengths says ${said} bytes for frame ${frame}, whose fragments have ${said + spare}`,
      'as many, or one less',
    );
  return [...chosen.slice(0, -1), { ...last, length: last.length - spare }];
}

function extended(dataSet: DataSet, tag: string, name: string, frames: number): number[] {
  const bytes = dataSet.element(tag)?.length ?? 0;
  if (bytes !== 8 * frames)
    throw invalid(`${name} has ${bytes} bytes for ${frames} frame(s)`, '8 for each');
  return Array.from({ length: frames }, (_, i) => dataSet.uint64(tag, i) ?? 0);
}
