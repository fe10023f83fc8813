import { browserImages } from '../decoding/browser-images.js';
import { imageProblem } from '../decoding/image-problem.js';
import { checkFileSize, defaultMaxPixels } from '../decoding/pixel-limit.js';
import type { ImageSource } from '../images/image-source.js';
import type { ImageRecord } from '../records/image-record.js';
import { check, checkKnownOptions } from '../support/check.js';
import { type DecodingOptions, decodedSource, decodingOptionNames } from './decoded-source.js';
import {
  type FolderOptions,
  type FolderRecords,
  folderOptionNames,
  recordsOfPaths,
} from './folder-records.js';

/**
 * The images among files that were picked or dropped in a page, each read when it is asked for.
 *
 * Of a picked folder, `webkitRelativePath` within it is the path, so that a folder for each class gives
 * labels as `folderSource` does in Node. See `imageSource` for sizes and pixels.
 *
 * @param options.decoders default `[browserImages()]`; add `dicom()` of 'salad-ad/dicom' for DICOM
 * @throws what `imageSource` does; INVALID_RECORDS naming a file that no label is for, or
 *   of a name that another has; on reading also
 *   IMAGE_UNREADABLE: a file that has gone or changed since it was picked
 * @example
 * const films = fileSource(input.files, { decoders: [dicom(), browserImages()], size: [256, 256] });
 */
export function fileSource(
  files: Iterable<File>,
  { labels, accept, ...options }: DecodingOptions & FolderOptions = {},
): ImageSource & FolderRecords {
  checkKnownOptions('fileSource', options, [...decodingOptionNames, ...folderOptionNames]);
  const { decoders = [browserImages()], maxPixels = defaultMaxPixels } = options;
  const byPath = new Map<string, File>();
  for (const file of files) {
    const path = pathOf(file);
    if (/(^|\/)\./.test(path)) continue;
    check(
      !byPath.has(path),
      'INVALID_RECORDS',
      () =>
        `fileSource: two files are named '${path}'; expected each name once; pick the folder that holds both, so that their paths tell them apart.`,
      { path },
    );
    byPath.set(path, file);
  }
  const found = recordsOfPaths('fileSource', [...byPath.keys()], { labels, accept });
  const open = ({ path }: ImageRecord) => readFile(byPath.get(path) as File, maxPixels);
  return {
    ...decodedSource('fileSource', found.records, { ...options, decoders, open }),
    ...found,
  };
}

/** Within the folder that was picked, whose own name comes first. */
function pathOf({ webkitRelativePath, name }: File): string {
  return webkitRelativePath ? webkitRelativePath.replace(/^[^/]*\//, '') : name;
}

async function readFile(file: File, maxPixels: number): Promise<Uint8Array> {
  checkFileSize(undefined, file.size, maxPixels);
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch (cause) {
    throw imageProblem(
      'IMAGE_UNREADABLE',
      undefined,
      'the file cannot be read',
      'expected it unchanged since it was picked; pick it again',
      {},
      cause,
    );
  }
}
