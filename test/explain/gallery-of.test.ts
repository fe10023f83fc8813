import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { subset } from '../../src/data/index.js';
import { anomalyMaps, galleryOf, overlay } from '../../src/explain/index.js';
import type { ImageSource, SaladModel } from '../../src/index.js';
import { codeOf, mixed, normals, tinyModel } from '../model/tiny.js';
import { expectNoLeak, useBackend } from '../support/backends.js';

describe('galleryOf', () => {
  const train = normals(12);
  const images = mixed(5, 2, 5);
  let model: SaladModel;
  beforeAll(async () => {
    await useBackend('cpu');
    model = tinyModel();
    await model.fit(train);
  });
  afterAll(() => model.dispose());

  it('has both ends of the ranking, most extreme first', async () => {
    const result = await model.score(images);
    const ranked = Array.from(result.scores).sort((a, b) => b - a);
    const [most, least] = await galleryOf(model, { result, images, train, shown: 2 });
    expect(most.items.map(({ score }) => score)).toEqual(ranked.slice(0, 2));
    expect(least.items.map(({ score }) => score)).toEqual(ranked.slice(-2).reverse());
    for (const { id, label, score } of [...most.items, ...least.items]) {
      const row = images.ids.indexOf(id);
      expect(score).toBe(result.scores[row]);
      expect(label).toBe(images.labels?.[row]);
    }
  });

  it('shows no image at both ends', async () => {
    const few = subset(images, [0, 1, 6]);
    const groups = await galleryOf(model, {
      result: await model.score(few),
      images: few,
      train,
      shown: 2,
    });
    expect(groups.map(({ items }) => items.length)).toEqual([2, 1]);
    const one = subset(images, [6]);
    const alone = await galleryOf(model, { result: await model.score(one), images: one, train });
    expect(alone.map(({ title }) => title)).toEqual(['Most anomalous']);
  });

  it('has the nearest training images, in degrees, and the pixels of each', async () => {
    const result = await model.score(images);
    const [{ items }] = await galleryOf(model, { result, images, train, shown: 1, nearest: 2 });
    const [{ id, image, nearest }] = items;
    const row = images.ids.indexOf(id);
    expect(nearest.map((one) => one.id)).toEqual(
      Array.from(result.nearestRows[row].subarray(0, 2), (at) => train.ids[at]),
    );
    expect(nearest[0].angleInDegrees).toBeCloseTo(
      (result.nearestAngles[row][0] * 180) / Math.PI,
      10,
    );
    const { pixels } = await images.read([row]);
    expect(Array.from(image.pixels)).toEqual(
      Array.from(pixels, (value) => Math.round(255 * value)),
    );
    const beside = await train.read([result.nearestRows[row][1]]);
    expect(Array.from(nearest[1].image.pixels)).toEqual(
      Array.from(beside.pixels, (value) => Math.round(255 * value)),
    );
  });

  it('names images as it is told', async () => {
    const result = await model.score(images);
    const nameOf = (id: string) => `film ${id.replace(/\D/g, '')}`;
    const [{ items }] = await galleryOf(model, { result, images, train, shown: 1, nameOf });
    const plain = await galleryOf(model, { result, images, train, shown: 1 });
    expect(items[0].id).toBe(nameOf(plain[0].items[0].id));
    expect(items[0].nearest[0].id).toBe(nameOf(plain[0].items[0].nearest[0].id));
  });

  it('draws all maps on one scale', async () => {
    const result = await model.score(images);
    const groups = await galleryOf(model, { result, images, train, shown: 2 });
    const items = groups.flatMap((group) => group.items);
    const rows = items.map(({ id }) => images.ids.indexOf(id));
    const maps = await anomalyMaps(model, subset(images, rows));
    const top = Math.max(...maps.flatMap(({ values }) => Array.from(values)));
    for (const [i, row] of rows.entries())
      expect(items[i].map).toEqual(overlay(await images.read([row]), maps[i], { top }));
  });

  it('finds its images where some could not be read', async () => {
    const damaged: ImageSource = {
      ...images,
      ids: images.ids,
      labels: images.labels,
      length: images.length,
      read: async (indices) => {
        const at = Array.from(indices).indexOf(1);
        const batch = await images.read(indices);
        return at < 0 ? batch : { ...batch, unreadable: [at] };
      },
    };
    const result = await model.score(damaged);
    const groups = await galleryOf(model, { result, images: damaged, train, shown: 3 });
    const items = groups.flatMap((group) => group.items);
    expect(items).toHaveLength(6);
    for (const { id, label } of items) expect(label).toBe(images.labels?.[images.ids.indexOf(id)]);
  });

  it('leaves no tensor behind, and refuses counts that are none', async () => {
    const result = await model.score(images);
    await expectNoLeak(() => galleryOf(model, { result, images, train, shown: 1 }));
    const none = () => galleryOf(model, { result, images, train, shown: 0 });
    expect(await codeOf(none)).toBe('INVALID_OPTION');
    const blurred = galleryOf(model, { result, images, train, sigma: -1 });
    await expect(blurred).rejects.toThrow('galleryOf: sigma is -1');
  });
});
