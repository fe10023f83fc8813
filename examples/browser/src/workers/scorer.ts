import { transfer } from 'comlink';
import type { ImageRecipe, SaladModel } from 'salad-ad';
import { type DecodedImage, type Decoder, imageSource } from 'salad-ad/data';
import { distanceReason, reasonsAgainst } from '../gate/reasons.js';
import { traitsOf } from '../gate/traits.js';
import { recipe as pageRecipe } from '../training/sample-source.js';
import { decodeFilm } from './decode-film.js';
import { forPeople } from './for-people.js';
import { factsOf, type LoadedModel, loadModel } from './loaded-model.js';
import type { FilmMap, FilmResult, ModelFacts, PackedModel } from './messages.js';
import { thumbnailOf } from './thumbnail.js';

const NEIGHBOURS = 6;

/** A model on one thread, and what it says of films. */
export class Scorer {
  private loaded?: LoadedModel;
  private profile?: PackedModel['profile'];

  async load(packed: PackedModel): Promise<ModelFacts> {
    const loaded = await loadModel(packed);
    this.loaded?.salad?.dispose();
    this.loaded = loaded;
    this.profile = packed.profile;
    return factsOf(loaded, packed);
  }

  /** The gate first, then the score. */
  async score(file: File): Promise<FilmResult> {
    try {
      const { bytes, decoder, image } = await this.decoded(file);
      const thumbnail = thumbnailOf(image);
      const reasons = reasonsAgainst(traitsOf(image), this.profile);
      if (reasons.length > 0) return { kind: 'refused', reasons, thumbnail };
      const { scores, pValues, abnormal, nearestRows, nearestAngles, problems } =
        await this.model.scoreFiles([bytes], this.options(decoder, image));
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
      return { kind: 'unreadable', code, message: forPeople(message) };
    }
  }

  /** Where in a film its score comes from. */
  async map(file: File): Promise<FilmMap> {
    const { anomalyMaps } = await import('salad-ad/explain');
    const { bytes, decoder, image } = await this.decoded(file);
    const { channels, size, resize, bitsStored } =
      this.model.preparation.recipe ?? this.recipeOfInput();
    const films = imageSource([{ path: 'film' }], {
      open: async () => bytes,
      decoders: [alreadyDecoded(decoder, image)],
      channels,
      size,
      resize,
      bitsStored,
    });
    const method = this.salad.settings.score === 'embedding' ? 'gradient' : 'cells';
    const [{ values, width, height }] = await anomalyMaps(this.salad, films, { method });
    return { values, width, height };
  }

  /** The model as one ONNX file. */
  async onnx(): Promise<Uint8Array> {
    const { toOnnx } = await import('salad-ad/onnx');
    const { bytes } = await toOnnx(this.salad);
    return transfer(bytes, [bytes.buffer]);
  }

  private async decoded(file: File) {
    const bytes = new Uint8Array(await file.arrayBuffer());
    return { bytes, ...(await decodeFilm(bytes, this.model.preparation.recipe)) };
  }

  private options(decoder: Decoder, image: DecodedImage) {
    const known = this.model.preparation.recipe;
    const decoders = [alreadyDecoded(decoder, image)];
    return { decoders, ...(known ? {} : { recipe: this.recipeOfInput() }) };
  }

  /** How films become its input, for a model that does not say. */
  private recipeOfInput(): ImageRecipe {
    const [height, width, channels] = this.model.preparation.inputShape;
    return { ...pageRecipe, size: [height, width] as const, channels: channels as 1 | 3 };
  }

  private get model(): LoadedModel['model'] {
    if (!this.loaded) throw new Error('no model is loaded yet');
    return this.loaded.model;
  }

  private get salad(): SaladModel {
    if (!this.loaded?.salad)
      throw new Error(
        'This model came as .onnx: it scores, but there is no map of it, nor another file.',
      );
    return this.loaded.salad;
  }
}

/** What was decoded for the gate is not decoded again. */
const alreadyDecoded = ({ name, recipe }: Decoder, image: DecodedImage): Decoder => ({
  name,
  recipe,
  accepts: () => true,
  decode: async () => image,
});
