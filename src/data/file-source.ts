import { browserDecoder } from '../decoding/browser-images.js';
import { defaultMaxPixels } from '../decoding/pixel-limit.js';
import type { ImageSource } from '../images/image-source.js';
import type { ImageRecord } from '../records/image-record.js';
import { check, checkKnownOptions } from '../support/check.js';
import { decodedSource } from './decoded-source.js';
import { type DecodingOptions, decodingOptions } from './decoding-options.js';
import { type FolderOptions, type FolderRecords, folderOptions } from './folder-options.js';
import { isHidden, recordsOfPaths } from './folder-records.js';
import { readBlob } from './read-blob.js';

/**
 * Makes a source of the images among files that were picked or dropped in a page; each file is read when its image is.
 *
 * Of a picked folder, `webkitRelativePath` within it (of several, with their own names) is the path, so that a folder for each class gives
 * labels as `folderSource` does in Node. See `imageSource` for sizes and pixels.
 *
 * @param files such as `input.files` of `<input type="file" multiple>`
 * @param options all have defaults; for DICOM add `dicom()` of 'salad-ad/dicom' to `decoders`
 * @returns the source, the records that it reads, the names of the files that are no images, and a summary
 * @throws EMPTY_SET where no file is an image, or none of the part; INVALID_RECORDS naming a file that no label is for, or of a name that
 *   another has, or folders that contradict each other; INVALID_OPTION, UNKNOWN_OPTION. On reading INDEX_OUT_OF_RANGE; IMAGE_UNREADABLE, a file that has gone or changed since it
 *   was picked; IMAGE_INVALID, IMAGE_TOO_LARGE, IMAGE_TRUNCATED, IMAGE_UNSUPPORTED; MISSING_PEER; SHAPE_MISMATCH naming two
 *   images of different size
 * @example
 * const films = fileSource(input.files, { decoders: [dicom(), browserImages()], size: [256, 256] });
 */
export function fileSource(
  files: Iterable<File>,
  options: DecodingOptions & FolderOptions = {},
): ImageSource & FolderRecords {
  checkKnownOptions('fileSource', options, { ...decodingOptions, ...folderOptions });
  const { labels, part, accept, onWarning, ...decoding } = options;
  const { decoders = [browserDecoder('fileSource')], maxPixels = defaultMaxPixels } = decoding;
  const byPath = new Map<string, File>();
  const list = [...files];
  const pathOf = pathsOf(list);
  for (const file of list) {
    const path = pathOf(file);
    if (isHidden(path)) continue;
    check(
      !byPath.has(path),
      'INVALID_RECORDS',
      () =>
        `fileSource: two files are named '${path}'; expected each name once; pick the folder that holds both, so that their paths tell them apart.`,
      { path },
    );
    byPath.set(path, file);
  }
  const found = recordsOfPaths('fileSource', [...byPath.keys()], {
    labels,
    part,
    accept,
    onWarning,
  });
  const { warnings } = found.summary;
  const open = ({ path }: ImageRecord) => readBlob(byPath.get(path) as File, maxPixels);
  return {
    ...decodedSource('fileSource', found.records, { ...decoding, decoders, open, onWarning }),
    ...(warnings.length > 0 && { warnings }),
    ...found,
  };
}

/** Within the folder that was picked, whose own name comes first; where several were, their names tell classes apart. */
function pathsOf(files: readonly File[]): (file: File) => string {
  // Files of Node have no such path.
  const rootOf = ({ webkitRelativePath = '' }: Partial<File>) =>
    webkitRelativePath.match(/^[^/]*\//)?.[0];
  const roots = new Set(files.map(rootOf));
  return (file) => {
    const root = rootOf(file);
    if (root === undefined) return file.name;
    return roots.size === 1 ? file.webkitRelativePath.slice(root.length) : file.webkitRelativePath;
  };
}
