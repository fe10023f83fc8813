import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  arraySource,
  equalize,
  type ImageSource,
  localContrast,
  none,
  type SaladModel,
  type SaladOptions,
} from '../../src/index.js';
import { toOnnx } from '../../src/onnx/index.js';
import { onnxOf } from '../../src/onnx/to-onnx.js';
import { RandomStream } from '../../src/support/random.js';
import { enableWasmTraining } from '../../src/wasm/index.js';
import { codeOf, mixed, normals, tinyBackbone, tinyModel } from '../model/tiny.js';
import { expectNoLeak, useBackend } from '../support/backends.js';
import { expectClose, numbersOf, ran, ranOn } from './session.js';

beforeAll(async () => {
  await useBackend('wasm');
  enableWasmTraining();
});

/** Fitted, with a threshold of 12 normals. */
async function fitted(options: Partial<SaladOptions>, train: ImageSource): Promise<SaladModel> {
  const model = tinyModel({ pretrainEpochs: 1, rounds: 0, ...options });
  await model.fit(train, { validation: train });
  return model;
}

/** Random films of any size, in 8 bits, a half of each black: equal pixels beside others. */
function films(count: number, shape: readonly [number, number, number], seed = 5): ImageSource {
  const random = new RandomStream(seed, ['films']);
  const [height, width, channels] = shape;
  const pixels = Uint8Array.from({ length: count * height * width * channels }, (_, i) =>
    Math.floor(i / channels) % width < width / 2 ? 0 : random.integer(256),
  );
  return arraySource({ pixels, shape });
}

/** Scores and nearest rows as the model gives them, to 1e-5 where nothing else is said. */
async function expectSame(
  model: SaladModel,
  source: ImageSource,
  { score = 1e-5, relative = 1e-5 } = {},
): Promise<void> {
  const expected = await model.score(source);
  const outputs = await ranOn(model, source);
  expectClose(numbersOf(outputs, 'score'), expected.scores, score);
  expectClose(numbersOf(outputs, 'relative'), expected.relative, relative);
  expectClose(numbersOf(outputs, 'angular'), expected.angular);
  expect(numbersOf(outputs, 'nearestRows')).toEqual(
    expected.nearestRows.flatMap((rows) => [...rows]),
  );
  expectClose(
    numbersOf(outputs, 'nearestAngles'),
    expected.nearestAngles.flatMap((angles) => [...angles]),
  );
  expectClose(numbersOf(outputs, 'normalized'), expected.normalized as Float32Array);
  expectClose(numbersOf(outputs, 'pValue'), expected.pValues as Float64Array);
  expect(numbersOf(outputs, 'verdict')).toEqual(expected.abnormal?.map(Number));
  expect(numbersOf(outputs, 'threshold')).toEqual([expected.threshold]);
  if (expected.cells) expectClose(numbersOf(outputs, 'cells'), expected.cells);
  model.dispose();
}

describe('toOnnx', () => {
  test.each([none(), localContrast(), localContrast({ radius: 9 }), equalize()])(
    'scores as the model does, with %j',
    async (imageNormalization) => {
      await expectSame(await fitted({ imageNormalization }, mixed(12, 4)), mixed(9, 9, 8));
    },
  );

  const policies = (['area', 'bilinear'] as const).flatMap((method) =>
    (['stretch', 'pad'] as const).map((fit) => ({ method, fit })),
  );
  test.each(policies)('resizes as the model does, $method and $fit', async (resize) => {
    const model = await fitted({ imageNormalization: localContrast(), resize }, normals(12));
    const { bytes } = await toOnnx(model);
    for (const shape of [
      [8, 8, 1],
      [21, 13, 1],
      [5, 17, 1],
      [3, 1, 1],
    ] as const) {
      const source = films(6, shape);
      const { pixels } = await source.read([0, 1, 2, 3, 4, 5]);
      const outputs = await ran(bytes, pixels, [6, ...shape], 255);
      const { scores, nearestRows } = await model.score(source);
      expectClose(numbersOf(outputs, 'score'), scores);
      expect(numbersOf(outputs, 'nearestRows')).toEqual(nearestRows.flatMap((rows) => [...rows]));
    }
    model.dispose();
  });

  test('ranks the pixels of resized films as the model does, equal ones too', async () => {
    const resize = { method: 'area', fit: 'pad' } as const;
    const model = await fitted({ imageNormalization: equalize(), resize }, normals(12));
    await expectSame(model, films(8, [37, 29, 1]));
  });

  test('takes colour, several convolutions a level and Eq. 4', async () => {
    const backbone = {
      kind: 'convAutoencoder',
      inputShape: [10, 7, 3],
      channels: [4, 6],
      convsPerLevel: 2,
      activationSlope: 0.2,
      embeddingSize: 8,
    } as const;
    const model = await fitted({ backbone, method: 'relative' }, films(12, [10, 7, 3]));
    await expectSame(model, films(9, [10, 7, 3], 9));
  });

  test('takes a resnetAutoencoder', async () => {
    const backbone = { kind: 'resnetAutoencoder', inputShape: [18, 16, 1], width: 4 } as const;
    const model = await fitted({ backbone }, films(12, [18, 16, 1]));
    // All rows lie within hundredths of a radian, where the arc cosines of Eq. 4 have few digits.
    await expectSame(model, films(5, [18, 16, 1], 9), { relative: 1e-3 });
  });

  const backbone = {
    kind: 'convAutoencoder',
    inputShape: [8, 8, 1],
    channels: [4, 6],
    embeddingSize: 8,
  } as const;
  test.each<Partial<SaladOptions>>([
    { score: 'both' },
    { score: 'both', method: 'relative' },
    { score: 'cells', cells: { levels: [1], grid: [3, 5], reading: 'max' } },
    { score: 'cells', cells: { grid: [6, 2], reading: { topShare: 0.4 }, coreset: 3 } },
  ])('reads cells as the model does, %j', async (options) => {
    const model = await fitted({ backbone, ...options }, mixed(30, 4));
    // In deviations, each about a hundredth of the scores that are summed.
    await expectSame(model, mixed(6, 6, 8), options.score === 'both' ? { score: 5e-5 } : {});
  });

  test('tells which cell of an image is far from which normal one', async () => {
    const model = await fitted({ backbone, score: 'cells' }, normals(30));
    const outputs = await ranOn(model, normals(2, 9));
    const nearest = await model.nearestCells(normals(2, 9), { count: 1 });
    const distances = numbersOf(outputs, 'cellDistances');
    expectClose(
      [Math.max(...distances.slice(0, 4)), Math.max(...distances.slice(4))],
      nearest.map(([cell]) => cell.distance),
    );
    model.dispose();
  });

  test('takes 16 bits, and a white of its own for each image', async () => {
    const model = await fitted({}, normals(12));
    const pixels = Uint16Array.from({ length: 3 * 64 }, (_, i) => (i * 37) % 4096);
    const source = arraySource({ pixels, shape: [8, 8, 1], bitsStored: 12 });
    const { scores } = await model.score(source);
    expectClose(numbersOf(await ranOn(model, source), 'score'), scores);
    const { bytes } = await toOnnx(model);
    const outputs = await ran(bytes, pixels, [3, 8, 8, 1], [4095, 4095, 65535]);
    expectClose(numbersOf(outputs, 'score').slice(0, 2), scores.subarray(0, 2));
    expect(Math.abs(numbersOf(outputs, 'score')[2] - scores[2])).toBeGreaterThan(1e-4);
    model.dispose();
  });

  test('counts p-values by hand', async () => {
    const model = await fitted({}, normals(12));
    const own = await model.score(normals(12));
    const { scores } = await model.score(mixed(4, 4, 3));
    const expected = Array.from(
      scores,
      (score) => (1 + own.scores.filter((normal) => normal >= score).length) / 13,
    );
    expectClose(numbersOf(await ranOn(model, mixed(4, 4, 3)), 'pValue'), expected);
    model.dispose();
  });

  test.each([Number.NaN, 1.001, -1e-6, Number.POSITIVE_INFINITY])(
    'calls a film with a pixel of %d invalid, and that film alone',
    async (value) => {
      const resize = { method: 'area', fit: 'pad' } as const;
      for (const imageNormalization of [localContrast(), equalize()]) {
        const model = await fitted({ imageNormalization, resize }, normals(12));
        const { bytes } = await toOnnx(model);
        for (const shape of [
          [8, 8, 1],
          [19, 11, 1],
        ] as const) {
          const source = films(3, shape);
          const read = await source.read([0, 1, 2]);
          const pixels = Float32Array.from(read.pixels, (pixel) => pixel / 255);
          pixels[shape[0] * shape[1] + 7] = value;
          const outputs = await ran(bytes, pixels, [3, ...shape]);
          const { scores, abnormal } = await model.score(source);
          for (const name of ['score', 'relative', 'angular', 'normalized', 'pValue'])
            expect(numbersOf(outputs, name).map(Number.isNaN), name).toEqual([false, true, false]);
          const verdicts = numbersOf(outputs, 'verdict');
          expect(verdicts).toEqual([Number(abnormal?.[0]), 2, Number(abnormal?.[2])]);
          const found = numbersOf(outputs, 'score');
          expectClose([found[0], found[2]], [scores[0], scores[2]]);
          const rows = numbersOf(outputs, 'nearestRows');
          expect(rows.slice(3, 6)).toEqual([-1, -1, -1]);
        }
        model.dispose();
      }
    },
  );

  test('says nothing of a threshold that the model has not', async () => {
    const model = tinyModel();
    await model.fit(normals(8));
    const outputs = await ranOn(model, normals(2));
    expect(Object.keys(outputs)).toEqual([
      'score',
      'relative',
      'angular',
      'nearestRows',
      'nearestAngles',
    ]);
    model.dispose();
  });

  test('holds weights in 16 bits', async () => {
    const model = await fitted({}, normals(12));
    const { bytes } = await toOnnx(model, { weights: 'float16' });
    const source = mixed(5, 5, 3);
    const { pixels } = await source.read([...Array(10).keys()]);
    const { scores } = await model.score(source);
    const found = numbersOf(await ran(bytes, pixels, [10, 8, 8, 1]), 'score');
    for (let i = 0; i < 10; i++) expect(Math.abs(found[i] - scores[i])).toBeLessThan(2e-3);
    expect(found).not.toEqual(Array.from(scores));
    expect(bytes.length).toBeLessThan((await toOnnx(model)).bytes.length);
    model.dispose();
  });

  test('holds the bank in 8 bits, and tells what that costs', async () => {
    const model = await fitted({ backbone, score: 'both' }, normals(30));
    const source = mixed(5, 5, 3);
    const { pixels } = await source.read([...Array(10).keys()]);
    const { bytes } = await toOnnx(model, { bank: 'int8' });
    const { angular, cells } = await model.score(source);
    const outputs = await ran(bytes, pixels, [10, 8, 8, 1]);
    const text = new TextDecoder().decode(bytes);
    const { bankLoss } = JSON.parse(
      /\{"weights":"float32","bank":"int8"[^}]*\}/.exec(text)?.[0] ?? '',
    );
    expect(bankLoss).toBeGreaterThan(1e-4);
    expect(bankLoss).toBeLessThan(0.02);
    expectClose(numbersOf(outputs, 'angular'), angular, bankLoss / Math.PI);
    expectClose(numbersOf(outputs, 'cells'), cells as Float32Array, bankLoss);
    expect(numbersOf(outputs, 'angular')).not.toEqual(Array.from(angular));
    model.dispose();
  });

  test('puts large tensors beside a file that would be too large', async () => {
    const model = await fitted({}, normals(30));
    const whole = await toOnnx(model);
    expect(whole.data).toBeUndefined();
    const split = await onnxOf(model, {}, whole.bytes.length - 1);
    const folder = mkdtempSync(join(tmpdir(), 'salad-ad-onnx-'));
    writeFileSync(join(folder, 'chest.onnx'), split.bytes);
    writeFileSync(join(folder, 'model.onnx.data'), split.data as Uint8Array);
    const source = mixed(5, 5, 3);
    const { pixels } = await source.read([...Array(10).keys()]);
    const outputs = await ran(join(folder, 'chest.onnx'), pixels, [10, 8, 8, 1]);
    expectClose(numbersOf(outputs, 'score'), (await model.score(source)).scores);
    expect(split.bytes.length).toBeLessThan(whole.bytes.length - 1024);
    rmSync(folder, { recursive: true });
    model.dispose();
  });

  test('leaves no tensors, and refuses what it cannot write', async () => {
    const model = await fitted({}, normals(8));
    await expectNoLeak(() => toOnnx(model));
    // @ts-expect-error no such option
    expect(await codeOf(() => toOnnx(model, { wights: 'float16' }))).toBe('UNKNOWN_OPTION');
    // @ts-expect-error no such precision
    expect(await codeOf(() => toOnnx(model, { weights: 'int4' }))).toBe('INVALID_OPTION');
    model.dispose();
    expect(await codeOf(() => toOnnx(model))).toBe('DISPOSED');
    const unfitted = tinyModel();
    expect(await codeOf(() => toOnnx(unfitted))).toBe('NOT_FITTED');
    unfitted.dispose();
    const backbone = { ...tinyBackbone(), config: { kind: 'mine' } };
    const own = await fitted({ backbone }, normals(8));
    expect(await codeOf(() => toOnnx(own))).toBe('INVALID_OPTION');
    own.dispose();
  });
});
