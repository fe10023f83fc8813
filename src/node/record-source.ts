import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { decodedSource, type ImageSourceOptions } from '../data/decoded-source.js';
import { type DecodingOptions, decodingOptions } from '../data/decoding-options.js';
import { type FolderOptions, type FolderRecords, folderOptions } from '../data/folder-options.js';
import { defaultMaxPixels } from '../decoding/pixel-limit.js';
import { dicom } from '../dicom/dicom.js';
import type { ImageSource } from '../images/image-source.js';
import type { ImageProblem } from '../images/problems.js';
import { checkRecords, type ImageRecord } from '../records/image-record.js';
import { check, checkKnownOptions } from '../support/check.js';
import { checkRoot, recordsBelow } from './folder-records.js';
import { nodeImages } from './node-images.js';
import { quarantine as putFilesAside } from './quarantine.js';
import { quarantining } from './quarantining.js';
import { readImageFile } from './read-image-file.js';

/** Options of sources that read files of a folder. */
export interface RecordSourceOptions extends Omit<DecodingOptions, 'onUnreadable'> {
  /**
   * `error`: a read of an image that cannot be read fails. `skip`: the batch lacks it and says why. `quarantine`: it is
   * skipped, and its file is put aside.
   *
   * @defaultValue 'error'
   */
  readonly onUnreadable?: DecodingOptions['onUnreadable'] | 'quarantine';
  /**
   * Puts the file of an image aside and says what it did; only with `onUnreadable: 'quarantine'`.
   *
   * @defaultValue `quarantine({ root })`, by the paths of the records
   */
  readonly quarantine?: (problem: ImageProblem) => Promise<string>;
  /**
   * Whether links may lead out of the folder; `folderSource` then enters folders that links lead to, each once.
   *
   * @defaultValue false
   */
  readonly followLinks?: boolean;
}

/** The names of these options, for the check of unknown ones. */
const recordSourceOptions: Readonly<Record<keyof RecordSourceOptions, true>> = {
  ...decodingOptions,
  followLinks: true,
  quarantine: true,
};

/**
 * Makes a source of the images of records whose paths are relative to a folder; see `imageSource` for sizes and pixels.
 *
 * The bytes of a file say whether it is DICOM, PNG, JPEG, WebP or TIFF. With an `imagePool`, threads read and
 * decode by themselves unless `decoders`, `transform`, `onProblem` or `onWarning` are given, whose code cannot be sent, or
 * files are put aside; they share `cacheBytes`, so that an image is decoded at most once by each thread.
 *
 * @param root the folder
 * @param records what is known of each image
 * @param options all have defaults
 * @returns the source
 * @throws EMPTY_SET, INVALID_RECORDS, INVALID_OPTION, UNKNOWN_OPTION; on reading INDEX_OUT_OF_RANGE; IMAGE_UNREADABLE, a file
 *   that is gone or may not be read, is no file, or lies outside the folder; IMAGE_INVALID, IMAGE_TOO_LARGE, IMAGE_TRUNCATED,
 *   IMAGE_UNSUPPORTED; MISSING_PEER; SHAPE_MISMATCH naming two images of different size
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

/** `recordSource` for the public call `where`. */
function filesSource(
  where: string,
  root: string,
  records: readonly ImageRecord[],
  options: RecordSourceOptions,
): ImageSource {
  checkRoot(where, root);
  checkKnownOptions(where, options, recordSourceOptions);
  checkRecords(where, 'records', records);
  const { followLinks = false, onUnreadable, quarantine, ...decoding } = options;
  const { decoders, transform, onProblem, onWarning, ...settings } = decoding;
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
  const sendable = !decoders && !transform && !onProblem && !onWarning;
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

/** What every job of a thread needs of a `recordSource`; JSON. */
export interface LocatedFolder {
  /** Absolute. */
  readonly root: string;
  readonly options: Omit<
    DecodingOptions & Pick<RecordSourceOptions, 'followLinks'>,
    'decoders' | 'transform' | 'onProblem' | 'onWarning'
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
 * Makes a source of the images of a folder: a folder for each class, also in folders for each part of a split, or all in one. See
 * `folderRecords` and `recordSource`.
 *
 * @param root the folder
 * @param options all have defaults
 * @returns the source, the records that it reads, the paths of the files that are no images, and a summary
 * @throws EMPTY_SET; INVALID_RECORDS naming a file that no label is for, an image without a label among others that have one, or
 *   folders that contradict each other; IMAGE_UNREADABLE naming a folder; INVALID_OPTION, UNKNOWN_OPTION; on reading what `recordSource` throws, such as INDEX_OUT_OF_RANGE
 * @example
 * const films = await folderSource('films', { size: [256, 256] }); // films/normal/a.png, films/abnormal/b.dcm
 * console.log(films.summary.toText(), films.ignored);
 * const train = await folderSource('chest', { part: 'train', size: [256, 256] }); // chest/train/NORMAL, chest/test/PNEUMONIA
 */
export async function folderSource(
  root: string,
  options: RecordSourceOptions & FolderOptions = {},
): Promise<ImageSource & FolderRecords> {
  const where = 'folderSource';
  checkKnownOptions(where, options, { ...recordSourceOptions, ...folderOptions });
  const { labels, part, accept, onWarning, ...decoding } = options;
  const { followLinks } = decoding;
  const found = await recordsBelow(where, root, { labels, part, accept, onWarning, followLinks });
  const { warnings } = found.summary;
  return {
    ...filesSource(where, root, found.records, { ...decoding, onWarning }),
    ...(warnings.length > 0 && { warnings }),
    ...found,
  };
}
