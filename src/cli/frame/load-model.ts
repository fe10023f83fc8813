import { open, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { ImageShape, SaladModel } from 'salad-ad';
import { misused, unusable } from './failure.js';
import { library } from './library.js';

/** What a path of a model leads to: a folder of `salad-ad fit`, a folder of another detector, or an exported file. */
export interface ModelPlace {
  readonly kind: 'salad' | 'detector' | 'onnx';
  /** Folder, or file. */
  readonly path: string;
  /** What a folder says of itself. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

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
  return encoderShapeIn(metadataOf(text)?.saladAd);
}

/** The same by what a model says of itself. */
export function encoderShapeIn(description: unknown): ImageShape | undefined {
  const { backbone } = Object(description);
  return backbone?.kind === 'efficientNetLite0' ? backbone.inputShape : undefined;
}

/** The folder of a model of `salad-ad fit`; checked before anything heavy is loaded. */
export async function modelFolder(path: string | undefined): Promise<string> {
  const { kind, path: found, metadata } = await modelAt(path);
  if (kind === 'salad') return found;
  throw unusable(
    kind === 'onnx'
      ? `'${found}' is an exported file, which \`salad-ad score\` alone takes; name the folder that \`salad-ad fit --out\` wrote`
      : `'${found}' holds a model of another kind (${detectorOf(metadata).kind}), which \`salad-ad score\` and \`salad-ad export\` alone take; name a folder that \`salad-ad fit --out\` wrote`,
  );
}

/** What lies where a model is said to be. @throws Failure where it is none */
export async function modelAt(path: string | undefined): Promise<ModelPlace> {
  if (path === undefined)
    throw misused('no model is named; add --model FOLDER, as `salad-ad fit` wrote it');
  const facts = await stat(path).catch(() => undefined);
  if (facts?.isFile()) return exported(path);
  if (!facts)
    throw unusable(
      `there is no model at '${path}'; name the folder that \`salad-ad fit --out\` wrote`,
    );
  const text = await readFile(join(path, 'model.json'), 'utf8').catch((cause) => {
    throw unusable(
      `'${path}' is not a trained model (its model.json cannot be read: ${cause.code}); name the folder that \`salad-ad fit --out\` wrote`,
    );
  });
  const metadata = metadataOf(text) ?? {};
  if (metadata.saladAd !== undefined) return { kind: 'salad', path, metadata };
  if (detectorOf(metadata).kind) return { kind: 'detector', path, metadata };
  throw unusable(
    `'${path}' holds a model of another program; name the folder that \`salad-ad fit --out\` wrote`,
  );
}

/** What a file of a detector of 'salad-ad/baselines' says of itself. */
export function detectorOf(metadata: ModelPlace['metadata']): {
  readonly kind?: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly recipe?: unknown;
} {
  const { config = {}, recipe } = Object(metadata.saladAdDetector);
  return { kind: config.kind, config, recipe };
}

/** A single file: that of `salad-ad export`, or a sentence about what else it may be. */
async function exported(path: string): Promise<ModelPlace> {
  if (/\.onnx$/i.test(path)) return { kind: 'onnx', path, metadata: {} };
  if (basename(path) === 'model.json')
    throw unusable(`'${path}' is a file of a model; name its folder, --model ${dirname(path)} say`);
  const isSafetensors = /\.safetensors$/i.test(path) || (await beginsLikeSafetensors(path));
  throw unusable(
    isSafetensors
      ? `'${path}' is a safetensors file, which is for other languages; name the folder that it was exported from, or an .onnx file of \`salad-ad export\``
      : `'${path}' is a file but no model; name the folder that \`salad-ad fit --out\` wrote, or an .onnx file of \`salad-ad export\``,
  );
}

/** The length of a header of JSON, and its first letter. */
async function beginsLikeSafetensors(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(9), 0, 9, 0);
    return bytesRead === 9 && buffer[8] === 0x7b && buffer.readBigUInt64LE() < 2n ** 27n;
  } finally {
    await file.close();
  }
}

function metadataOf(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text).userDefinedMetadata;
  } catch {
    return undefined;
  }
}
