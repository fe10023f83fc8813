import type { Tensor2D, Tensor4D, Variable } from '@tensorflow/tfjs-core';
import { type LayersModel, model, type Shape, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { ImageShape } from '../images/pixels.js';
import { check, checkKnownOptions, checkList, checkObject, said } from '../support/check.js';
import { l2Normalize } from '../support/tensors.js';
import { checkShape } from './autoencoder.js';
import type { Backbone } from './backbone.js';
import { madeOf } from './tfjs-models.js';

/**
 * A backbone made of your own tfjs-layers models; it owns them from then on.
 *
 * What their layers call trainable is trained; the rest, batch normalisation's moving statistics and
 * frozen layers, is saved with the model.
 *
 * Its first weights are those of its layers: of a `kernelInitializer` with a seed they are the same every time.
 * Layers cannot be made of JSON at once, so that `SaladModel.create` takes a function in place of a config.
 *
 * @returns a Backbone; `dispose` it, or the model that holds it, and the layers are disposed too.
 * @throws INVALID_OPTION where a model's input or output has no fixed size, or a named layer returns no map, SHAPE_MISMATCH where
 * encoder and decoder do not fit together, UNKNOWN_OPTION.
 *
 * @example
 * import { layers, sequential } from '@tensorflow/tfjs-layers';
 *
 * const encoder = sequential({ layers: [
 *   layers.conv2d({ inputShape: [32, 32, 1], filters: 8, kernelSize: 3, strides: 2 }),
 *   layers.flatten(),
 *   layers.dense({ units: 64 }),
 * ] });
 * const backbone = layersBackbone({ encoder });
 * @example
 * import { initializers } from '@tensorflow/tfjs-layers';
 *
 * const model = SaladModel.create({
 *   backbone: (seed) => layersBackbone({ encoder: sequential({ layers: [
 *     layers.flatten({ inputShape: [32, 32, 1] }),
 *     layers.dense({ units: 64, kernelInitializer: initializers.glorotUniform({ seed }) }),
 *   ] }) }),
 *   seed: 7,
 * });
 */
export function layersBackbone(options: {
  /** [batch, height, width, channels] to [batch, size]; it need not normalise, the backbone does. */
  readonly encoder: LayersModel;
  /** [batch, size], unit rows, to [batch, height, width, channels]. @defaultValue none, and no reconstruction */
  readonly decoder?: LayersModel;
  /**
   * Names of layers of the encoder that return [batch, height, width, channels], from shallow to deep: its `maps`, which
   * cells are read from.
   *
   * @defaultValue none, and no cells
   */
  readonly maps?: readonly string[];
}): Backbone {
  const where = 'layersBackbone';
  checkKnownOptions(where, options, { encoder: true, decoder: true, maps: true });
  const { encoder, decoder, maps } = options;
  checkLayers('encoder', encoder);
  if (decoder !== undefined) checkLayers('decoder', decoder);
  const inputShape = fixedShape('encoder takes', encoder.inputs, 3) as unknown as ImageShape;
  const [embeddingSize] = fixedShape('encoder returns', encoder.outputs, 1);
  if (decoder) {
    checkFit('decoder takes', fixedShape('decoder takes', decoder.inputs, 1), [embeddingSize]);
    checkFit('decoder returns', fixedShape('decoder returns', decoder.outputs, 3), inputShape);
  }
  // A view of the encoder's own layers: it has no weights to dispose.
  const shown = maps && mapsOf(encoder, maps);
  const viewed =
    shown && model({ inputs: encoder.inputs, outputs: [...encoder.outputs, ...shown] });
  const models = decoder ? [encoder, decoder] : [encoder];
  const backbone: Backbone = {
    inputShape,
    embeddingSize,
    ...(shown && { mapSizes: shown.map(({ shape }) => [shape[1], shape[2]] as [number, number]) }),
    encode(images, training) {
      checkShape(where, 'images', images, inputShape);
      if (!viewed)
        return { embeddings: l2Normalize(encoder.apply(images, { training }) as Tensor2D) };
      const [last, ...found] = viewed.apply(images, { training }) as [Tensor2D, ...Tensor4D[]];
      return { embeddings: l2Normalize(last), maps: found };
    },
    ...(decoder && {
      decode: ({ embeddings }, training) => decoder.apply(embeddings, { training }) as Tensor4D,
    }),
    // A layer's weight reads as the variable itself.
    trainable: models.flatMap((made) => made.trainableWeights.map((w) => w.read() as Variable)),
    statistics: models.flatMap((made) => made.nonTrainableWeights.map((w) => w.read() as Variable)),
    config: {
      kind: 'layersBackbone',
      encoder: encoder.toJSON(null, false),
      ...(decoder && { decoder: decoder.toJSON(null, false) }),
      ...(maps && { maps: [...maps] }),
    },
    dispose() {
      for (const made of models) made.dispose();
    },
  };
  return madeOf({ encoder, decoder, maps: maps ?? [] }, backbone);
}

/** A model of tfjs-layers, or INVALID_OPTION. */
function checkLayers(name: string, model: unknown): void {
  checkObject('layersBackbone', name, model, 'a model of tfjs-layers', ['inputs', 'outputs']);
}

/** What the named layers return. @throws INVALID_OPTION for a name that the encoder lacks, or a layer that returns no map */
function mapsOf(encoder: LayersModel, names: readonly string[]): SymbolicTensor[] {
  checkList('layersBackbone', 'maps', names);
  check(
    names.length > 0,
    'INVALID_OPTION',
    () => 'layersBackbone: maps is an empty array; expected names of layers, or no maps at all.',
  );
  return names.map((name) => {
    const output = encoder.layers.find((layer) => layer.name === name)?.output;
    check(
      output !== undefined && !Array.isArray(output) && output.rank === 4,
      'INVALID_OPTION',
      () =>
        `layersBackbone: maps names ${said(name)}, ${output ? 'which returns no map' : 'which the encoder lacks'}; expected layers that return [batch, height, width, channels], of ${encoder.layers.map((layer) => layer.name).join(', ')}.`,
      { name },
    );
    return output;
  });
}

/** The shape of a model's only input or output, without the batch. */
function fixedShape(what: string, ends: { shape: Shape }[], rank: number): number[] {
  const [batch, ...sizes] = ends[0].shape;
  check(
    ends.length === 1 && sizes.length === rank && sizes.every((size) => size !== null),
    'INVALID_OPTION',
    () =>
      `layersBackbone: ${what} ${ends.length} tensor(s), the first of shape [${[batch, ...sizes].join(', ')}]; expected one of shape [batch, ${rank === 1 ? 'size' : 'height, width, channels'}] with fixed sizes.`,
    { shape: ends[0].shape },
  );
  return sizes as number[];
}

function checkFit(what: string, shape: readonly number[], expected: readonly number[]): void {
  check(
    shape.join() === expected.join(),
    'SHAPE_MISMATCH',
    () =>
      `layersBackbone: ${what} [batch, ${shape.join(', ')}]; expected [batch, ${expected.join(', ')}], the encoder's other end.`,
    { shape, expected },
  );
}
