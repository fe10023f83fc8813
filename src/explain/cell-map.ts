import type { ImageSource } from '../images/image-source.js';
import { resize } from '../images/resize.js';
import type { ScoringModel } from '../model/scoring-model.js';

/**
 * How far each cell of an image is from those of normal images, brought bilinearly to the size of the model's input.
 *
 * @param images that can all be read
 * @returns [batch, height, width], flattened
 * @throws INVALID_OPTION where the score is made of the embedding alone
 */
export async function cellMap(
  where: string,
  model: ScoringModel,
  images: ImageSource,
  signal?: AbortSignal,
): Promise<Float32Array> {
  const [rows, columns] = model.settings.cells.grid;
  const count = rows * columns;
  const found = await model.nearestCells(images, { count, signal }, where);
  const distances = new Float32Array(images.length * count);
  found.forEach((cells, i) => {
    for (const { row, column, distance } of cells)
      distances[i * count + row * columns + column] = distance;
  });
  const [height, width] = model.backbone.inputShape;
  const policy = { method: 'bilinear', fit: 'stretch' } as const;
  return resize(distances, [images.length, rows, columns, 1], [height, width], policy);
}
