import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImageShape, SaladModel } from 'salad-ad';
import { misused, unusable } from './failure.js';
import { library } from './library.js';

/** A trained model from a folder; the caller disposes it. @throws Failure where the folder holds something else */
export async function loadModel(folder: string | undefined): Promise<SaladModel> {
  const at = await modelFolder(folder);
  const { SaladModel: Model } = library('salad-ad');
  const { fileSystem } = library('salad-ad/node');
  const shape = await encoderShape(at);
  const encoders = shape ? library('salad-ad/encoders') : undefined;
  const backbone = await encoders?.efficientNetLite0({ inputShape: shape });
  return Model.load(fileSystem(at), { ...(backbone && { backbone }) });
}

/** The input of EfficientNet-Lite0, where the model scores by it: its weights are in no model file. */
export async function encoderShape(folder: string): Promise<ImageShape | undefined> {
  const text = await readFile(join(folder, 'model.json'), 'utf8');
  const { backbone } = Object(metadataOf(text)?.saladAd);
  return backbone?.kind === 'efficientNetLite0' ? backbone.inputShape : undefined;
}

/** Checks what is in the folder before anything heavy is loaded. */
export async function modelFolder(folder: string | undefined): Promise<string> {
  if (folder === undefined)
    throw misused('no model is named; add --model FOLDER, as `salad-ad fit` wrote it');
  const text = await readFile(join(folder, 'model.json'), 'utf8').catch((cause) => {
    throw unusable(
      `'${folder}' is not a trained model (its model.json cannot be read: ${cause.code}); name the folder that \`salad-ad fit --out\` wrote`,
    );
  });
  const metadata = metadataOf(text);
  if (metadata?.saladAd !== undefined) return folder;
  const kind = metadata?.saladAdDetector && Object(metadata.saladAdDetector).config?.kind;
  throw unusable(
    kind
      ? `'${folder}' holds a model of another kind (${kind}); this command takes models that \`salad-ad fit\` trains, and \`loadDetector\` of salad-ad/baselines loads the others in a program`
      : `'${folder}' holds a model of another program; name the folder that \`salad-ad fit --out\` wrote`,
  );
}

function metadataOf(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text).userDefinedMetadata;
  } catch {
    return undefined;
  }
}
