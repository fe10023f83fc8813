import type { Tensor4D, TensorContainer } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { checkShape } from '../backbones/autoencoder.js';
import type { Backbone, Encoded } from '../backbones/backbone.js';
import { checkInputShape } from '../backbones/options.js';
import { madeOf } from '../backbones/tfjs-models.js';
import type { ImageShape } from '../images/pixels.js';
import { check, checkKnownOptions } from '../support/check.js';
import { checkFunction } from '../support/check-kinds.js';
import { checkBackendReady } from '../support/train-check.js';
import { encodedOf } from './encoded-of.js';
import { fingerprintOf, patternOf } from './fingerprint.js';
import type { FrozenEncoderOptions } from './frozen-encoder-options.js';
import { mapsOfModel } from './model-maps.js';
import { encoderPixels, type PixelRecipe, pixelRecipe } from './pixel-recipe.js';
import { mapsOfSession, type Session } from './session-maps.js';

const WHERE = 'frozenEncoder';

/** Pixels to maps: at once, called inside `tf.tidy`; or later. */
type Maps =
  | { readonly encode: (pixels: Tensor4D) => readonly Tensor4D[] }
  | { readonly infer: (pixels: Tensor4D) => Promise<readonly Tensor4D[]> };

/**
 * A pretrained encoder of your own as a frozen backbone: a function, a tfjs model that is cut at named layers, or a session of
 * onnxruntime, which is handed in.
 *
 *     maps = encoder((film - mean) / deviation)
 *     embedding = the mean of the last map over its places, of unit length
 *
 * A film is what the model's `imageNormalization` makes of it: [0, 1] with `none()`, [-1.5, 1.5] with `localContrast()`. The
 * recipe (`inputShape`, `channels`, `mean`, `deviation`) is in the config and so in the file of a model; weights are not, but a
 * fingerprint, 64 numbers of each map of a fixed pattern. `load` takes the encoder as `backbone`, and refuses one whose
 * numbers differ by more than a hundredth of the largest.
 *
 * @returns a frozen backbone. Your function, model or session is borrowed: `dispose` does not free it.
 * @throws UNKNOWN_OPTION | BACKEND_NOT_READY | INVALID_OPTION where none or several are given, a name is not found, or what is
 * returned is no list of maps; whatever your encoder throws; `encode` and `infer` throw SHAPE_MISMATCH, also for maps of other shapes than those it showed first, and `encode` of an encoder that answers later INVALID_OPTION
 * @see Defard et al. 2021, "PaDiM", and Roth et al. 2022, "PatchCore" (CVPR), which read pretrained maps place by place.
 * @example
 * const model = await loadGraphModel('file://mobilenet/model.json'); // of @tensorflow/tfjs-converter
 * const backbone = await frozenEncoder({ inputShape: [224, 224, 1], model, maps: ['block_6/add', 'block_12/add'] });
 * @example
 * import * as ort from 'onnxruntime-node';
 *
 * const session = await ort.InferenceSession.create('resnet18-maps.onnx');
 * const { Tensor } = ort;
 * const backbone = await frozenEncoder({ inputShape: [224, 224, 1], session, Tensor, mean: 0.449, deviation: 0.226 });
 */
export async function frozenEncoder(options: FrozenEncoderOptions): Promise<Backbone> {
  checkKnownOptions<FrozenEncoderOptions>(WHERE, options, {
    inputShape: true,
    encode: true,
    infer: true,
    model: true,
    session: true,
    Tensor: true,
    maps: true,
    layout: true,
    channels: true,
    mean: true,
    deviation: true,
  });
  const { inputShape, channels = 3, mean = 0, deviation = 1 } = options;
  checkInputShape(WHERE, inputShape);
  const recipe = pixelRecipe(WHERE, inputShape, { channels, mean, deviation });
  const maps = encoderOf(options);
  checkBackendReady(WHERE);
  const { shapes, fingerprint } = await probe(maps, recipe);
  const backbone: Backbone = {
    inputShape,
    embeddingSize: shapes[shapes.length - 1][2],
    mapSizes: shapes.map(([height, width]): [number, number] => [height, width]),
    encode(images) {
      check(
        'encode' in maps,
        'INVALID_OPTION',
        () =>
          `${WHERE}: encode was called, but this encoder answers later; expected infer, or a call that waits for it: await backbone.infer(images); gradients need an encoder that answers at once.`,
      );
      checkShape(WHERE, 'images', images, inputShape);
      const found: unknown = maps.encode(encoderPixels(images, recipe));
      checkAnswer(found, images, shapes);
      return encodedOf(images, found);
    },
    ...('infer' in maps && {
      async infer(images: Tensor4D) {
        checkShape(WHERE, 'images', images, inputShape);
        const found = await mapsLater(maps.infer, encoderPixels(images, recipe));
        return encodedLater(images, found, shapes);
      },
    }),
    trainable: [],
    statistics: [],
    config: { kind: WHERE, ...recipe, fingerprint },
    dispose() {},
  };
  const { model, maps: names } = options;
  return model && names ? madeOf({ encoder: model, maps: names }, backbone) : backbone;
}

/** Pixels to maps, however they are to be had. @throws INVALID_OPTION */
function encoderOf(options: FrozenEncoderOptions): Maps {
  const { encode, infer, model, session, Tensor, maps, layout = 'nchw' } = options;
  const given = [encode, infer, model, session].filter((one) => one !== undefined);
  check(
    given.length === 1,
    'INVALID_OPTION',
    () =>
      `${WHERE}: ${given.length} of encode, infer, model and session are given; expected one of them: a function, one that answers later, a tfjs model, or a session of onnxruntime.`,
  );
  checkFunction(WHERE, 'encode', encode);
  checkFunction(WHERE, 'infer', infer);
  if (encode) return { encode };
  if (infer) return { infer };
  if (model !== undefined) return { encode: mapsOfModel(WHERE, model, maps) };
  const graph = { session: session as Session, Tensor, maps, layout };
  return { infer: mapsOfSession(WHERE, graph) };
}

/** What an encoder says of itself when it is shown a fixed pattern. */
async function probe(maps: Maps, recipe: PixelRecipe) {
  const images = patternOf(recipe.inputShape);
  let found: unknown;
  try {
    found =
      'infer' in maps
        ? await mapsLater(maps.infer, encoderPixels(images, recipe))
        : tf.tidy(() => {
            const answer: unknown = maps.encode(encoderPixels(images, recipe));
            check(
              !(answer instanceof Promise),
              'INVALID_OPTION',
              () =>
                `${WHERE}: encode returned a promise; expected maps; give the function as infer.`,
            );
            return answer as Tensor4D[];
          });
    checkMaps(found);
    return {
      shapes: found.map(({ shape: [, ...ofFilm] }): ImageShape => ofFilm),
      fingerprint: await fingerprintOf(found),
    };
  } finally {
    tf.dispose([images, found] as TensorContainer);
  }
}

/** Of two films. @throws INVALID_OPTION */
function checkMaps(found: unknown): asserts found is readonly Tensor4D[] {
  check(
    Array.isArray(found) &&
      found.length > 0 &&
      found.every(
        (map: unknown) => map instanceof tf.Tensor && map.rank === 4 && map.shape[0] === 2,
      ),
    'INVALID_OPTION',
    () =>
      `${WHERE}: for two films the encoder returns ${shapesIn(found)}; expected a list of maps [2, height, width, channels].`,
  );
}

/** Whatever else it returned would be broadcast, and films be given the maps of others. @throws SHAPE_MISMATCH */
function checkAnswer(
  found: unknown,
  { shape: [films] }: Tensor4D,
  shapes: readonly ImageShape[],
): asserts found is readonly Tensor4D[] {
  const expected = shapes.map((shape) => `[${[films, ...shape].join(', ')}]`).join(' and ');
  const given = shapesIn(found);
  check(
    Array.isArray(found) && given === expected,
    'SHAPE_MISMATCH',
    () =>
      `${WHERE}: for ${films} films the encoder returns ${given}; expected ${expected}, as for the pattern that it was shown first.`,
    { films },
  );
}

/** What an encoder returned, in words. */
function shapesIn(found: unknown): string {
  const shapes = (Array.isArray(found) ? found : [found]).map((one) =>
    one instanceof tf.Tensor ? `[${one.shape.join(', ')}]` : String(one),
  );
  return shapes.join(' and ') || 'nothing';
}

/** What a function that answers later makes of pixels, which it takes over. */
async function mapsLater(
  infer: (pixels: Tensor4D) => Promise<readonly Tensor4D[]>,
  pixels: Tensor4D,
): Promise<readonly Tensor4D[]> {
  try {
    const maps = await infer(pixels);
    // One that gives back what it was given.
    return Array.isArray(maps) ? maps.map((map) => (map === pixels ? tf.clone(map) : map)) : maps;
  } finally {
    pixels.dispose();
  }
}

/** Maps as a backbone returns them; takes the maps over. */
function encodedLater(images: Tensor4D, maps: unknown, shapes: readonly ImageShape[]): Encoded {
  try {
    checkAnswer(maps, images, shapes);
    return tf.tidy(
      () => encodedOf(images, maps) as unknown as TensorContainer,
    ) as unknown as Encoded;
  } finally {
    tf.dispose(maps as TensorContainer);
  }
}
