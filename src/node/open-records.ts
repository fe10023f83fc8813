import type { ImageBatch } from '../images/pixels.js';
import type { ImageRecord } from '../records/image-record.js';
import { nodeDecoders } from './node-decoders.js';
import { type LocatedFolder, recordSource } from './record-source.js';

/** What a thread opens for the jobs of a `recordSource`, once: it reads whatever records a job brings. */
export function openRecords({ root, options }: LocatedFolder): {
  read(records: readonly ImageRecord[]): Promise<ImageBatch>;
} {
  const decoders = nodeDecoders();
  return {
    read: (records) =>
      recordSource(root, records, { ...options, decoders }).read([...records.keys()]),
  };
}
