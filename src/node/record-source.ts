import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  type DecodingOptions,
  decodedSource,
  decodingOptionNames,
  type ImageSourceOptions,
} from '../data/decoded-source.js';
import type { FolderOptions, FolderRecords } from '../data/folder-records.js';
import { defaultMaxPixels } from '../decoding/pixel-limit.js';
import { dicom } from '../dicom/dicom.js';
import type { ImageSource } from '../images/image-source.js';
import type { ImageProblem } from '../images/problems.js';
import type { ImageRecord } from '../records/image-record.js';
import { check, checkKnownOptions } from '../support/check.js';
import { folderRecords } from './folder-records.js';
import { nodeImages } from './node-images.js';
import { quarantine as putFilesAside } from './quarantine.js';
import { quarantining } from './quarantining.js';
import { readImageFile } from './read-image-file.js';

/** Options of sources that read files of a folder. */
export interface RecordSourceOptions extends Omit<DecodingOptions, 'onUnreadable'> {
  /**
   * As elsewhere; `quarantine`: skipped, and the file of an image that is none is put aside.
   *
   * @defaultValue 'error'
   */
  readonly onUnreadable?: DecodingOptions['onUnreadable'] | 'quarantine';
  /**
   * Puts the file of an image aside.
   *
   * @defaultValue `quarantine({ root })`, by the paths of the records
   */
  readonly quarantine?: (problem: ImageProblem) => Promise<string>;
  /**
   * Whether links may lead out of the folder.
   *
   * @defaultValue false
   */
  readonly followLinks?: boolean;
}

/**
 * The images of records whose paths are relative to a folder; see `imageSource` for sizes and pixels.
 *
 * DICOM, PNG, JPEG, WebP and TIFF are told apart by their bytes. With an `imagePool`, threads read and
 * decode by themselves unless `decoders`, `transform` or `onProblem` are given, whose code cannot be sent, or
 * files are put aside; they share `cacheBytes`, so that an image is decoded at most once by each thread.
 *
 * @param options.decoders default `[dicom(), nodeImages()]`
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
  return filesSource('recordSource', root, records, options);
}

/** `recordSource` by the name of the function that the user called. */
function filesSource(
  where: string,
  root: string,
  records: readonly ImageRecord[],
  options: RecordSourceOptions,
): ImageSource {
  checkKnownOptions(where, options, [...decodingOptionNames, 'followLinks', 'quarantine']);
  const { followLinks = false, onUnreadable, quarantine, ...decoding } = options;
  const { decoders, transform, onProblem, ...settings } = decoding;
  const putsAside = onUnreadable === 'quarantine';
  check(
    putsAside || quarantine === undefined,
    'INVALID_OPTION',
    () =>
      `${where}: quarantine is given but onUnreadable is '${onUnreadable ?? 'error'}'; expected 'quarantine' with it.`,
  );
  const source = decodedSource(where, records, {
    ...fileReading(root, options),
    ...decoding,
    ...(putsAside && { onProblem: undefined }),
    onUnreadable: putsAside ? 'skip' : onUnreadable,
  });
  if (putsAside) {
    const putAside =
      quarantine ?? putFilesAside({ root, pathOf: ({ index }) => records[index].path });
    return quarantining(source, putAside, onProblem);
  }
  const folder = { root: resolve(root), options: { ...settings, followLinks, onUnreadable } };
  const sendable = !decoders && !transform && !onProblem;
  return {
    ...source,
    ...(sendable && located(folder, records)),
  };
}

/** How files of a folder are opened, and which decoders are the default. */
export function fileReading(
  root: string,
  {
    maxPixels = defaultMaxPixels,
    followLinks = false,
  }: Pick<RecordSourceOptions, 'maxPixels' | 'followLinks'>,
): Pick<ImageSourceOptions, 'open' | 'decoders'> {
  return {
    open: ({ path }) => readImageFile(root, path, { maxPixels, followLinks }),
    decoders: [dicom(), nodeImages()],
  };
}

/** The part of a `recordSource` that every job of a thread needs; JSON. */
export interface LocatedFolder {
  /** Absolute. */
  readonly root: string;
  readonly options: Omit<
    DecodingOptions & Pick<RecordSourceOptions, 'followLinks'>,
    'decoders' | 'transform' | 'onProblem'
  >;
}

/** Nothing where a bundle has taken this module away from the file that threads run. */
function located(
  folder: LocatedFolder,
  records: readonly ImageRecord[],
): Pick<ImageSource, 'locate'> {
  const worker = new URL('./node-worker.js', import.meta.url);
  if (!existsSync(worker)) return {};
  return {
    locate: (indices) => ({
      module: worker.href,
      open: 'openRecords',
      argument: folder,
      indices: Array.from(indices),
      items: Array.from(indices, (i) => ({ path: records[i].path, id: records[i].id })),
    }),
  };
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
  return { ...filesSource('folderSource', root, found.records, options), ...found };
}
