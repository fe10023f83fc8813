import { decode } from 'fast-png';
import { figures } from 'salad-ad/report';
import { describe, expect, it } from 'vitest';
import { augment } from '../../src/images/augmentation.js';
import { RandomStream } from '../../src/support/random.js';

const shape = [9, 7, 1] as const;
const pixels = Uint8Array.from({ length: 63 }, (_, i) => (i * 41) % 256);
const image = { pixels, shape };

function pictures(svg: string) {
  return [...svg.matchAll(/href="data:image\/png;base64,([^"]*)"/g)].map(([, code]) =>
    decode(Buffer.from(code, 'base64')),
  );
}

describe('figures.contactSheet', () => {
  it('shows the views of a run, all options together and each alone', async () => {
    const augmentation = { shift: 0.2, rotation: 30, noise: 0, horizontalFlip: true };
    const svg = await figures.contactSheet({ image, augmentation, seed: 5, row: 3, epochs: 2 });
    const found = pictures(svg);
    expect(found.length).toBe(1 + 4 * 2);
    expect([...svg.matchAll(/<text[^>]*>(.*?)</g)].map(([, text]) => text)).toEqual([
      'as it is',
      'all together',
      'shift 0.2',
      'rotation 30',
      'horizontalFlip',
    ]);
    expect([...found[0].data]).toEqual([...pixels]);
    const values = Float32Array.from(pixels, (value) => value / 255);
    const limits = [augmentation, { shift: 0.2 }, { rotation: 30 }, { horizontalFlip: true }];
    limits.forEach((options, line) => {
      for (const epoch of [0, 1]) {
        const stream = () => new RandomStream(5, ['augment', epoch, 3]);
        const view = augment(values, [1, ...shape], stream, options);
        const expected = Uint8ClampedArray.from(view, (value) => 255 * value);
        expect([...found[1 + 2 * line + epoch].data]).toEqual([...expected]);
      }
    });
  });

  it('shows the image alone where nothing varies it', async () => {
    expect(pictures(await figures.contactSheet({ image, augmentation: {} })).length).toBe(1);
  });

  it('refuses more than one image and what augmentation refuses', async () => {
    const two = { pixels: new Uint8Array(126), shape };
    await expect(figures.contactSheet({ image: two, augmentation: {} })).rejects.toThrow(
      'INVALID_IMAGES',
    );
    const augmentation = { shift: 9 };
    await expect(figures.contactSheet({ image, augmentation })).rejects.toThrow('INVALID_OPTION');
    const epochs = 0;
    await expect(figures.contactSheet({ image, augmentation: {}, epochs })).rejects.toThrow(
      'epochs is 0',
    );
  });
});
