import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Backbone, Encoded } from '../../src/index.js';
import { heldModels, trainOn } from './held-models.js';
import { codeOf, normals, tinyBackbone, tinyModel } from './tiny.js';

const hold = heldModels();
beforeAll(() => trainOn('cpu'));

const first = <T extends tf.Tensor>(batch: T) => tf.slice(batch, 0, 1) as T;
const films = normals(3);

/** A model whose backbone answers for the first image alone once it is fitted. */
async function fittedThenOdd(of: 'embeddings' | 'maps' | 'decode') {
  const own = tinyBackbone();
  let isOdd = false;
  const backbone: Backbone = {
    ...own,
    encode(images, training): Encoded {
      const encoded = own.encode(images, training);
      if (!isOdd) return encoded;
      if (of === 'embeddings') return { ...encoded, embeddings: first(encoded.embeddings) };
      return of === 'maps' ? { ...encoded, maps: encoded.maps?.map(first) } : encoded;
    },
    decode(encoded, training) {
      const decoded = own.decode?.(encoded, training) as tf.Tensor4D;
      return isOdd && of === 'decode' ? first(decoded) : decoded;
    },
  };
  const model = hold(tinyModel({ backbone, score: 'both', pretrainEpochs: 1, rounds: 0 }));
  await model.fit(normals(12));
  isOdd = true;
  return model;
}

describe('a backbone that answers for fewer images than it was given', () => {
  it.each(['embeddings', 'maps'] as const)(
    'is refused where scores would be given to the wrong images: %s',
    async (of) => {
      const model = await fittedThenOdd(of);
      for (const [call, work] of Object.entries({
        score: () => model.score(films),
        nearestCells: () => model.nearestCells(films),
        embed: () => model.embed(films),
        extend: () => model.extend(films),
        refreshBank: () => model.refreshBank(normals(12)),
      })) {
        const refused = work();
        await expect(refused).rejects.toThrow(
          new RegExp(
            `^SaladModel\\.${call}: ${of}.* for \\d+ images has shape \\[1, .*; expected \\[(3|12), `,
          ),
        );
        expect(await codeOf(refused)).toBe('SHAPE_MISMATCH');
      }
    },
  );

  it('is refused where one reconstruction would stand for all', async () => {
    const model = await fittedThenOdd('decode');
    const message =
      /what decode returns for 3 images has shape \[1, 8, 8, 1\]; expected \[3, 8, 8, 1\]/;
    await expect(model.reconstructionErrors(films)).rejects.toThrow(message);
    await expect(model.reconstruct(films)).rejects.toThrow(message);
  });
});
