import type { Backbone } from '../../backbones/backbone.js';
import type { ImageNormalization } from '../../images/image-normalization.js';
import type { Detector, DetectorConfig } from '../../learning/detector.js';
import type { SaladModel } from '../../model/salad-model.js';
import { check, checkObject } from '../../support/check.js';
import { namingCall } from '../../support/errors.js';
import type { Learnt } from '../detector/body.js';
import type { CombinedDetector } from './combined-detector.js';
import { type PiecesByModel, pieceOf, unpackCombined } from './combined-file.js';
import { combinedDetector, SumOfModels } from './sum-of-models.js';
import { type CombinedDetectorOptions, resolveTerms } from './terms.js';

/** Makes a `SaladModel` from its config. */
type MakeModel = (
  config: DetectorConfig,
  pieces: { readonly backbone?: Backbone; readonly imageNormalization?: ImageNormalization },
) => Promise<Detector>;

/** An untrained combined detector, of models that are made from their configs. */
export async function combinedFromConfig(
  where: string,
  { models: configs, ...options }: Readonly<Record<string, unknown>>,
  pieces: PiecesByModel,
  makeModel: MakeModel,
): Promise<CombinedDetector> {
  checkObject(where, 'models', configs, 'configs of models by name');
  const models: Record<string, SaladModel> = {};
  try {
    for (const [name, config] of Object.entries(configs as Record<string, DetectorConfig>)) {
      checkObject(where, `models.${name}`, config, 'the config of a SaladModel');
      check(
        config.kind === 'salad',
        'INVALID_OPTION',
        () => `${where}: models.${name} is of the kind '${config.kind}'; expected 'salad'.`,
      );
      const { name: saved } = Object(config.imageNormalization) as { name?: string };
      models[name] = (await makeModel(config, pieceOf(pieces, name, saved))) as SaladModel;
    }
    const made = { ...options, models } as unknown as CombinedDetectorOptions;
    return await namingCall(where, () => combinedDetector(made));
  } catch (error) {
    for (const model of Object.values(models)) model.dispose();
    throw error;
  }
}

/** A combined detector as its file has it; the tensors stay the caller's. */
export async function combinedFromFile(
  where: string,
  config: DetectorConfig,
  learnt: Learnt,
  pieces: PiecesByModel,
): Promise<CombinedDetector> {
  const { options, state } = await unpackCombined(where, config, learnt, pieces);
  try {
    return new SumOfModels(options, resolveTerms(where, options), state);
  } catch (error) {
    for (const model of Object.values(options.models)) model.dispose();
    throw error;
  }
}
