import { checkBatch } from '../images/pixels.js';
import { checkHasLists } from '../support/check-kinds.js';

/** Where in an image its score comes from: one number a pixel, higher for more of it. */
export interface AnomalyMap {
  /** Name of the image. */
  readonly id: string;
  /** The image's score. */
  readonly score: number;
  /** [height, width], flattened, at least 0; comparable between images of one model and method. */
  readonly values: Float32Array;
  /** Of the model's input, not of the image as it was read; in pixels. */
  readonly height: number;
  /** Of the model's input likewise. */
  readonly width: number;
}

/** A map as large as it says, or INVALID_OPTION, SHAPE_MISMATCH. */
export function checkMap(
  where: string,
  map: Pick<AnomalyMap, 'values' | 'height' | 'width'>,
): void {
  checkHasLists(where, 'map', map, ['values']);
  checkBatch(where, map.values, [1, map.height, map.width, 1], 'map has');
}
