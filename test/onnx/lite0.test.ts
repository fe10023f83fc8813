import { beforeAll, expect, test } from 'vitest';
import { efficientNetLite0 } from '../../src/encoders/index.js';
import { arraySource, type ImageSource, localContrast, SaladModel } from '../../src/index.js';
import { toOnnx } from '../../src/onnx/index.js';
import { RandomStream } from '../../src/support/random.js';
import { codeOf } from '../model/tiny.js';
import { useBackend } from '../support/backends.js';
import { expectClose, numbersOf, ranOn } from './session.js';

beforeAll(() => useBackend('wasm'));

function films(count: number, seed: number, channels: 1 | 3): ImageSource {
  const random = new RandomStream(seed, ['films']);
  const pixels = Uint8Array.from({ length: count * 50 * 40 * channels }, (_, i) =>
    Math.min(255, (i % 40) * 5 + random.integer(60)),
  );
  return arraySource({ pixels, shape: [50, 40, channels] });
}

test.each([1, 3] as const)(
  'writes EfficientNet-Lite0 with its cells, of films of %d channels',
  async (channels) => {
    const model = SaladModel.create({
      backbone: await efficientNetLite0({ inputShape: [48, 40, channels] }),
      resize: { method: 'bilinear', fit: 'pad' },
      imageNormalization: localContrast(),
      score: 'both',
    });
    await model.fit(films(12, 1, channels), { validation: films(24, 2, channels) });
    const expected = await model.score(films(6, 3, channels));
    const outputs = await ranOn(model, films(6, 3, channels));
    expectClose(numbersOf(outputs, 'angular'), expected.angular);
    expectClose(numbersOf(outputs, 'cells'), expected.cells as Float32Array);
    expectClose(numbersOf(outputs, 'score'), expected.scores, 2e-4);
    expect(numbersOf(outputs, 'nearestRows')).toEqual(
      expected.nearestRows.flatMap((rows) => [...rows]),
    );
    const other = new Uint8Array(4);
    expect(await codeOf(() => toOnnx(model, { encoder: other }))).toBe('INVALID_OPTION');
    model.dispose();
  },
);
