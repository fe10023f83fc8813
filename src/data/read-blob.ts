import { imageProblem } from '../decoding/image-problem.js';
import { checkFileSize } from '../decoding/pixel-limit.js';

/** The whole of a file that a page was given. @throws IMAGE_UNREADABLE, IMAGE_TOO_LARGE */
export async function readBlob(file: Blob, maxPixels: number): Promise<Uint8Array> {
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
