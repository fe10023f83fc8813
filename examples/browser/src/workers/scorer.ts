import * as tf from '@tensorflow/tfjs-core';
import { transfer } from 'comlink';
import { type ImageRecipe, SaladModel, thresholdText } from 'salad-ad';
import { type DecodedImage, type Decoder, imageSource } from 'salad-ad/data';
import { distanceReason, reasonsAgainst } from '../gate/reasons.js';
import { traitsOf } from '../gate/traits.js';
import { recipe as pageRecipe } from '../training/sample-source.js';
import { decodeFilm } from './decode-film.js';
import type { FilmMap, FilmResult, ModelFacts, PackedModel } from './messages.js';
import { prepareWasm } from './start-wasm.js';
import { thumbnailOf } from './thumbnail.js';

const NEIGHBOURS = 6;

/** A model on one thread, and what it says of films. */
export class Scorer {
  private model?: SaladModel;
  private profile?: PackedModel['profile'];

  async load({ artifacts, profile }: PackedModel): Promise<ModelFacts> {
    if (!tf.getBackend() || tf.getBackend() !== 'wasm') {
      prepareWasm();
      await tf.setBackend('wasm');
    }
    const model = await SaladModel.load(tf.io.fromMemory(artifacts));
    this.model?.dispose();
    this.model = model;
    this.profile = profile;
    const { decisionThreshold: threshold } = model;
    return {
      films: model.bank.size,
      side: model.backbone.inputShape.slice(0, 2).join(' x '),
      ...(threshold && { promise: thresholdText(threshold), threshold: threshold.value }),
      gated: profile !== undefined,
      isPadded: fitOf(model) === 'pad',
      ...(profile?.maps && { mapScale: profile.maps }),
    };
  }

  /** The gate first, then the score. */
  async score(file: File): Promise<FilmResult> {
    try {
      const { bytes, decoder, image } = await this.decoded(file);
      const thumbnail = thumbnailOf(image);
      const reasons = reasonsAgainst(traitsOf(image), this.profile);
      if (reasons.length > 0) return { kind: 'refused', reasons, thumbnail };
      const { scores, pValues, abnormal, nearestRows, nearestAngles, problems } =
        await this.fitted.scoreFiles([bytes], this.options(decoder, image));
      if (problems?.length) throw problems[0];
      const far = distanceReason(nearestAngles[0][0], this.profile);
      if (far) return { kind: 'refused', reasons: [far], thumbnail };
      return {
        kind: 'scored',
        score: scores[0],
        ...(pValues && { pValue: pValues[0] }),
        ...(abnormal && { abnormal: abnormal[0] }),
        neighbours: Array.from(nearestRows[0].subarray(0, NEIGHBOURS), (row, rank) => ({
          row,
          name: `film ${row + 1}`,
          angle: nearestAngles[0][rank],
        })),
        thumbnail,
      };
    } catch (error) {
      const { code = 'ERROR', message } = error as { code?: string; message: string };
      return { kind: 'unreadable', code, message };
    }
  }

  /** Where in a film its score comes from. */
  async map(file: File): Promise<FilmMap> {
    const { anomalyMaps } = await import('salad-ad/explain');
    const { bytes, decoder, image } = await this.decoded(file);
    const { channels, size, resize, bitsStored } =
      this.fitted.preparation.recipe ?? this.recipeOfInput();
    const films = imageSource([{ path: 'film' }], {
      open: async () => bytes,
      decoders: [alreadyDecoded(decoder, image)],
      channels,
      size,
      resize,
      bitsStored,
    });
    const method = this.fitted.settings.score === 'embedding' ? 'gradient' : 'cells';
    const [{ values, width, height }] = await anomalyMaps(this.fitted, films, { method });
    return { values, width, height };
  }

  /** The model as one ONNX file. */
  async onnx(): Promise<Uint8Array> {
    const { toOnnx } = await import('salad-ad/onnx');
    const { bytes } = await toOnnx(this.fitted);
    return transfer(bytes, [bytes.buffer]);
  }

  private async decoded(file: File) {
    const bytes = new Uint8Array(await file.arrayBuffer());
    return { bytes, ...(await decodeFilm(bytes, this.fitted.preparation.recipe)) };
  }

  private options(decoder: Decoder, image: DecodedImage) {
    const known = this.fitted.preparation.recipe;
    const decoders = [alreadyDecoded(decoder, image)];
    return { decoders, ...(known ? {} : { recipe: this.recipeOfInput() }) };
  }

  /** How films become its input, for a model that does not say. */
  private recipeOfInput(): ImageRecipe {
    const [height, width, channels] = this.fitted.backbone.inputShape;
    return { ...pageRecipe, size: [height, width] as const, channels: channels as 1 | 3 };
  }

  private get fitted(): SaladModel {
    if (!this.model) throw new Error('no model is loaded yet');
    return this.model;
  }
}

/** How it brings films to its size. */
const fitOf = ({ preparation }: SaladModel) =>
  (preparation.recipe?.resize ?? preparation.resize)?.fit;

/** What was decoded for the gate is not decoded again. */
const alreadyDecoded = ({ name, recipe }: Decoder, image: DecodedImage): Decoder => ({
  name,
  recipe,
  accepts: () => true,
  decode: async () => image,
});
