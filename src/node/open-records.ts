import { recordReader } from '../data/decoded-source.js';
import { defaultCacheBytes } from '../data/image-cache.js';
import type { ImageBatch } from '../images/pixels.js';
import type { ImageRecord } from '../records/image-record.js';
import { fileReading, type LocatedFolder } from './record-source.js';

/**
 * What a thread opens for the jobs of a `recordSource`, once: it reads whatever records a job brings.
 *
 * @param threads that share `cacheBytes`
 */
export function openRecords(
  { root, options }: LocatedFolder,
  threads: number,
): { read(records: readonly ImageRecord[], where: string): Promise<ImageBatch> } {
  const { followLinks: _, cacheBytes = defaultCacheBytes, ...decoding } = options;
  const readRecords = recordReader('recordSource', {
    ...fileReading(root, options),
    ...decoding,
    cacheBytes: Math.floor(cacheBytes / threads),
  });
  // A record is the key of its image, and every job brings records of its own.
  const known = new Map<string, ImageRecord>();
  return {
    read(records, where) {
      const own = records.map((record) => {
        const first = known.get(record.path) ?? record;
        known.set(record.path, first);
        return first;
      });
      const ids = records.map(({ id, path }) => id ?? path);
      return readRecords({ where, indices: [...records.keys()], ids }, own);
    },
  };
}
