import { imageProblem } from '../../decoding/image-problem.js';
import { checkFileSize } from '../../decoding/pixel-limit.js';
import { elementLimits } from '../element-limits.js';
import { parseFile } from '../parse-file.js';
import { textOf } from '../text.js';
import { isOther } from './modality.js';
import { boundaryOf, partsOf } from './multipart.js';
import type { Answer, Server } from './server.js';
import { PassingFailure } from './server-failure.js';

/** As stored: no server has to change how pixels are coded. */
const ACCEPT = 'multipart/related; type="application/dicom"; transfer-syntax=*';

/**
 * The file of an instance, which is the one that was asked for.
 *
 * @param modalities those that the query names: the list of a server that heeds little of it may not say what an instance is
 * @throws IMAGE_UNREADABLE, IMAGE_TRUNCATED, IMAGE_TOO_LARGE, IMAGE_INVALID, IMAGE_UNSUPPORTED
 * @see DICOM PS3.18, 10.4 (retrieve transaction)
 */
export function retrieveInstance(
  server: Server,
  { uid, place }: { readonly uid: string; readonly place: string },
  maxPixels: number,
  modalities?: ReadonlySet<string>,
): Promise<Uint8Array> {
  return server({
    path: place,
    accept: ACCEPT,
    checkSize: (bytes) => checkFileSize(undefined, bytes, maxPixels),
    take(answer) {
      const files = filesOf(answer);
      const limits = { ...elementLimits('dicom', {}), maxPixels };
      const [file] = files;
      const dataSet = files.length === 1 ? parseFile(file, limits).dataSet : undefined;
      const isAsked = dataSet && textOf(dataSet, 'x00080018') === uid;
      if (isAsked && isOther(textOf(dataSet, 'x00080060'), modalities))
        throw imageProblem(
          'IMAGE_INVALID',
          undefined,
          'the server listed it although it is of another modality than the query names',
          'expected what the query matches alone; tell who runs the server',
        );
      if (isAsked) return file;
      throw imageProblem(
        'IMAGE_INVALID',
        undefined,
        files.length === 1
          ? 'the server sent another instance than it was asked for'
          : `the server sent ${files.length} files for one instance`,
        'expected the one file whose SOPInstanceUID (0008,0018) is that of the list; tell who runs the server',
      );
    },
  });
}

function filesOf({ type, bytes }: Answer): readonly Uint8Array[] {
  if (/^\s*application\/dicom\s*(;|$)/i.test(type)) return [bytes];
  const boundary = boundaryOf(type);
  if (boundary === undefined)
    throw imageProblem(
      'IMAGE_UNREADABLE',
      undefined,
      'the server sent another type of content than a DICOM file',
      'expected multipart/related with application/dicom; url is no DICOMweb service, or a page to log in stands before it',
    );
  const parts = partsOf(bytes, boundary);
  if (parts) return parts;
  throw new PassingFailure('the server sent a file that is cut off', 'IMAGE_TRUNCATED');
}
