import { type DecodingOptions, decodingOptionNames, imageSource } from '../data/decoded-source.js';
import type { FolderOptions, FolderRecords } from '../data/folder-records.js';
import type { ImageSource } from '../data/image-source.js';
import { defaultMaxPixels } from '../decoding/pixel-limit.js';
import type { ImageRecord } from '../records/image-record.js';
import { checkKnownOptions } from '../support/check.js';
import { folderRecords } from './folder-records.js';
import { nodeImages } from './node-images.js';
import { readImageFile } from './read-image-file.js';

/** Options of sources that read files of a folder. */
export interface RecordSourceOptions extends DecodingOptions {
  /** Whether links may lead out of the folder; not unless told. */
  readonly followLinks?: boolean;
}

/**
 * The images of records whose paths are relative to a folder; see `imageSource` for sizes and pixels.
 *
 * DICOM, PNG, JPEG, WebP and TIFF are told apart by their bytes. With an `imagePool`, threads read and
 * decode by themselves unless `decoders`, `transform` or `onProblem` are given, whose code cannot be sent.
 *
 * @param options.decoders `[dicom(), nodeImages()]` unless told
 * @throws what `imageSource` does; on reading also IMAGE_UNREADABLE: a file that is gone or may not be
 *   read, is no file, or lies outside the folder
 * @example
 * const films = recordSource('films', [{ path: 'a.png', label: 0 }], { size: [256, 256] });
 */
export function recordSource(
  root: string,
  records: readonly ImageRecord[],
  options: RecordSourceOptions = {},
): ImageSource {
  checkKnownOptions('recordSource', options, [...decodingOptionNames, 'followLinks']);
  const { followLinks = false, ...decoding } = options;
  // Four channels of 16 bits, and room for what else a file tells.
  const maxBytes = 8 * (options.maxPixels ?? defaultMaxPixels) + 2 ** 20;
  return imageSource(records, {
    decoders: [nodeImages()],
    ...decoding,
    open: ({ path }) => readImageFile(root, path, { maxBytes, followLinks }),
  });
}

/**
 * The images of a folder: a folder for each class, or all in one. See `folderRecords` and `recordSource`.
 *
 * @example
 * const films = await folderSource('films', { size: [256, 256] }); // films/normal/a.png, films/abnormal/b.dcm
 * console.log(films.length, films.labels, films.passedOver);
 */
export async function folderSource(
  root: string,
  { labels, accept, ...options }: RecordSourceOptions & FolderOptions = {},
): Promise<ImageSource & FolderRecords> {
  const found = await folderRecords(root, { labels, accept });
  return { ...recordSource(root, found.records, options), ...found };
}
