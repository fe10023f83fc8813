import * as tf from '@tensorflow/tfjs-core';
import { arraySource } from '../../data/array-source.js';
import { none } from '../../images/image-normalization.js';
import type { ResizePolicy } from '../../images/resize.js';
import { checkUndamaged, checkValue } from '../../learning/damaged.js';
import type { Detector } from '../../learning/detector.js';
import { SaladModel } from '../../model/salad-model.js';
import { check } from '../../support/check.js';
import { namingCall } from '../../support/errors.js';
import { hostTurns } from '../../support/host.js';
import { inTurns } from '../../support/in-turns.js';
import { anObject } from '../../support/json-rules.js';
import { BaselineDetector } from '../detector/baseline-detector.js';
import { type DetectorBody, type Learning, type Learnt, NO_EPOCHS } from '../detector/body.js';
import { packedModel, unpackedModel } from '../detector/packed-model.js';
import type { PixelBlock } from '../detector/pixel-block.js';
import { readAll } from '../detector/read-images.js';
import {
  type DetectorOptions,
  type DetectorSettings,
  resolveDetector,
} from '../detector/settings.js';
import type { FittedVectors, VectorMethod, Vectors } from './vectors.js';

/** Options of a detector that works on vectors. */
export interface FeatureOptions extends DetectorOptions {
  /**
   * The model whose embeddings are scored, or a function that makes it of the detector's seed; one that was made
   * beforehand keeps its own seed. It is fitted along where it is not yet, its own image normalisation applies, and
   * the detector disposes it.
   *
   * @defaultValue none: pixels are scored, after `imageNormalization`
   */
  readonly features?: SaladModel | ((seed: number) => SaladModel);
}

/** Defaults filled in. */
export function resolveFeatures<Options extends FeatureOptions>(
  where: string,
  options: Options,
  defaults: Omit<Options, keyof FeatureOptions>,
) {
  const features = options?.features;
  checkFeatures(where, typeof features === 'function' ? undefined : features);
  return resolveDetector<Options>(where, options, { features: undefined, ...defaults } as never);
}

/** A detector that scores the pixels or embeddings of images by a method for vectors. */
export function featureDetector(
  kind: string,
  resolved: DetectorSettings & Pick<FeatureOptions, 'features'>,
  method: VectorMethod,
): Detector {
  const { features: given, seed } = resolved;
  const features = typeof given === 'function' ? given(seed) : given;
  checkFeatures(kind, features);
  const model = features && new FeatureModel(features);
  // The model has a normalisation of its own.
  const settings = features && {
    ...resolved,
    inputShape: features.backbone.inputShape,
    imageNormalization: none(),
    resize: resolved.resize ?? (features.config.resize as ResizePolicy | undefined),
  };
  return new BaselineDetector({
    kind,
    usesLabels: false,
    settings: settings ?? resolved,
    config: { features: features?.config },
    body: () => body(model, method, tf.util.sizeFromShape([...resolved.inputShape])),
    dispose: () => model?.dispose(),
  });
}

function checkFeatures(where: string, features: unknown): void {
  check(
    features === undefined || features instanceof SaladModel,
    'INVALID_OPTION',
    () =>
      `${where}: features is ${String(features)}; expected a SaladModel, memDae(...) say, or a function of the seed that returns one.`,
  );
}

function body(model: FeatureModel | undefined, method: VectorMethod, pixels: number): DetectorBody {
  let fitted: FittedVectors = { kept: { values: new Float32Array(0), dim: 1 }, facts: {} };
  const vectorsOf = async ({ values, shape }: PixelBlock): Promise<Vectors> =>
    model ? model.embed({ values, shape }) : { values, dim: values.length / shape[0] };
  return {
    async learn(learning) {
      await model?.fit(learning);
      const { where, source, intake, signal } = learning;
      const vectors = await vectorsOf(await readAll(where, source, intake));
      fitted = await inTurns(method.fit(vectors), hostTurns(signal));
      return NO_EPOCHS;
    },
    scores: async (images, giveHostItsTurn) =>
      inTurns(method.scores(fitted, await vectorsOf(images)), giveHostItsTurn),
    async pack() {
      const { values, dim } = fitted.kept;
      const kept = tf.tensor2d(values, [values.length / dim, dim]);
      const packed = await model?.pack();
      return {
        tensors: { ...packed?.tensors, kept },
        facts: { ...fitted.facts, features: packed?.facts },
      };
    },
    async unpack(where, { tensors, facts }) {
      const { kept, ...rest } = tensors;
      check(
        kept?.rank === 2,
        'NOT_A_MODEL',
        () => `${where}: the file holds no vectors; expected a file as save wrote it.`,
      );
      const { features, ...own } = facts;
      const values = Float32Array.from(await kept.data());
      const vectors = { values, dim: kept.shape[1] as number };
      checkValue(where, 'facts', own, method.factsRule(vectors));
      if (model) {
        checkValue(where, 'facts.features', features, anObject);
        await model.unpack({ tensors: rest, facts: features as Learnt['facts'] });
      }
      checkUndamaged(
        where,
        vectors.dim === (model?.dim ?? pixels),
        () => `the vectors of the file have ${vectors.dim} numbers, other than those of an image`,
      );
      fitted = { kept: vectors, facts: own };
    },
    dispose: () => {},
  };
}

/** Of the names of a model's tensors. */
const PREFIX = 'features/';

/** A model that makes vectors of images, and lives in the file of the detector that it serves. */
class FeatureModel {
  constructor(private model: SaladModel) {}

  get dim(): number {
    return this.model.backbone.embeddingSize;
  }

  async fit({ where, source, validation, signal, callbacks, onWarning }: Learning): Promise<void> {
    if (this.model.history.length > 0) return;
    const options = { validation, signal, callbacks, onWarning };
    await namingCall(where, () => this.model.fit(source, options));
  }

  async embed({ values, shape: [, ...shape] }: PixelBlock): Promise<Vectors> {
    const embeddings = await this.model.embed(arraySource({ pixels: values, shape }));
    try {
      const dim = embeddings.shape[1];
      return { values: Float32Array.from(await embeddings.data()), dim };
    } finally {
      embeddings.dispose();
    }
  }

  async pack(): Promise<Learnt> {
    return packedModel(this.model, PREFIX);
  }

  async unpack(learnt: Learnt): Promise<void> {
    const { imageNormalization } = this.model;
    const loaded = await unpackedModel(learnt, PREFIX, { imageNormalization });
    this.model.dispose();
    this.model = loaded;
  }

  dispose(): void {
    this.model.dispose();
  }
}
