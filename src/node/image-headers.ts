import type { FolderSummary } from '../data/folder-summary.js';
import type { ImageHeader } from '../decoding/decoder.js';
import { imageFormat } from '../decoding/image-format.js';
import { defaultMaxPixels } from '../decoding/pixel-limit.js';
import { readImageHeader } from '../decoding/read-image-header.js';
import { elementLimits } from '../dicom/element-limits.js';
import { parseFile } from '../dicom/parse-file.js';
import type { ImageRecord } from '../records/image-record.js';
import { readImageFile } from './read-image-file.js';

/** So few that a folder of any size is looked at in little time. */
const LOOKED_AT = 8;

/**
 * Sizes and depths of a few images, spread over the records; those whose header cannot be read are left out, for reading the
 * image says why.
 */
export async function headersOf(
  root: string,
  records: readonly ImageRecord[],
  followLinks = false,
): Promise<FolderSummary['headers']> {
  const count = Math.min(LOOKED_AT, records.length);
  const chosen = Array.from(
    { length: count },
    (_, i) => records[Math.floor((i * records.length) / count)],
  );
  const kinds = new Map<string, FolderSummary['headers'][number]>();
  // One after the other, for files may be large.
  for (const { path } of chosen) {
    const header = await headerOf(root, path, followLinks).catch(() => undefined);
    if (!header) continue;
    const { height, width, bits } = header;
    const key = `${height} ${width} ${bits}`;
    kinds.set(key, { height, width, bits, images: (kinds.get(key)?.images ?? 0) + 1 });
  }
  return [...kinds.values()].sort((a, b) => b.images - a.images);
}

async function headerOf(
  root: string,
  path: string,
  followLinks: boolean,
): Promise<Pick<ImageHeader, 'height' | 'width' | 'bits'> | undefined> {
  const limits = { maxPixels: defaultMaxPixels, followLinks };
  const bytes = await readImageFile(root, path, limits);
  if (imageFormat(bytes) !== 'application/dicom') return readImageHeader('', bytes, limits);
  const { dataSet } = parseFile(bytes, { ...elementLimits('folderRecords', {}), ...limits });
  const [height, width, bits] = ['x00280010', 'x00280011', 'x00280101'].map((tag) =>
    dataSet.uint16(tag),
  );
  return height && width && bits ? { height, width, bits } : undefined;
}
