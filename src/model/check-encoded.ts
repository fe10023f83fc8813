import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import type { Backbone, Encoded } from '../backbones/backbone.js';
import { check } from '../support/check.js';

/** What a backbone made of images: of fewer of them, scores would be given to the wrong ones. @throws SHAPE_MISMATCH */
export function checkEncoded(
  where: string,
  { embeddings, maps = [] }: Encoded,
  { shape: [batch] }: Tensor4D,
  { embeddingSize }: Backbone,
): void {
  checkShapeOf(where, 'embeddings', embeddings, [batch, embeddingSize]);
  maps.forEach((map, i) => {
    checkShapeOf(where, `maps[${i}]`, map, [batch, ...map.shape.slice(1)]);
  });
}

/** What a decoder made of images: another shape would be broadcast. @throws SHAPE_MISMATCH */
export function checkDecoded(where: string, decoded: Tensor, images: Tensor4D): void {
  checkShapeOf(where, 'what decode returns', decoded, images.shape);
}

function checkShapeOf(
  where: string,
  name: string,
  { shape }: Tensor,
  expected: readonly number[],
): void {
  check(
    shape.join() === expected.join(),
    'SHAPE_MISMATCH',
    () =>
      `${where}: ${name} for ${expected[0]} images has shape [${shape.join(', ')}]; expected [${expected.join(', ')}]; check the backbone, which has to answer for every image it is given.`,
    { shape, expected },
  );
}
