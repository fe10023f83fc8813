import type { io } from '@tensorflow/tfjs-core';
import { unzipSync, zipSync } from 'fflate';
import type { PackedModel } from '../workers/messages.js';

/** A model as files: those that Node's `fileSystem` reads and writes, and what this page keeps beside them. */
export type ModelWithFilms = PackedModel & {
  /** [rows][64 x 64]: the films that it learnt; absent where they are not known. */
  readonly pictures?: Uint8Array;
};

type Description = Omit<io.ModelArtifacts, 'weightSpecs' | 'weightData'> & {
  readonly weightsManifest: readonly {
    readonly paths: readonly string[];
    readonly weights: io.WeightsManifestEntry[];
  }[];
};

const [MODEL, GATE, FILMS] = ['model.json', 'gate.json', 'films.bin'];
const text = new TextDecoder();
const bytesOf = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

/** One .zip file. Unpacked, it is a folder that Node loads by `fileSystem`. */
export async function zipOf(model: ModelWithFilms): Promise<Uint8Array> {
  if ('onnx' in model) throw new Error('This model came as .onnx: it is a file already.');
  const { artifacts, profile, pictures } = model;
  const { weightSpecs = [], weightData = [], ...description } = artifacts;
  const weights = joined([weightData].flat());
  const name = `weights-${(await sha256(weights)).slice(0, 16)}.bin`;
  const manifest = [{ paths: [name], weights: weightSpecs }];
  const files = {
    [MODEL]: bytesOf({ ...description, weightsManifest: manifest }),
    [name]: weights,
    ...(profile && { [GATE]: bytesOf(profile) }),
    ...(pictures && { [FILMS]: pictures }),
  };
  // Weights hardly get smaller.
  return zipSync(files, { level: 0 });
}

/** The model in files that somebody picked: a .zip of `zipOf`, model.json with its weights as Node saved them, or .onnx. */
export async function modelIn(files: readonly File[]): Promise<ModelWithFilms> {
  const named = await contentsOf(files);
  const onnx = [...named].find(([name]) => name.endsWith('.onnx'));
  if (onnx) return { onnx: onnx[1] };
  const described = named.get(MODEL);
  if (!described)
    throw new Error(
      "There is no model among these files. Pick an .onnx file of toOnnx, the .zip that this page saved, or model.json and the .bin file beside it, as fileSystem of 'salad-ad/node' saves them.",
    );
  const { weightsManifest, ...description } = JSON.parse(text.decode(described)) as Description;
  const parts = (weightsManifest ?? []).flatMap(({ paths }) => paths);
  const missing = parts.find((path) => !named.has(path));
  if (missing) throw new Error(`The weights '${missing}' are missing. Pick that file too.`);
  const weightData = joined(parts.map((path) => named.get(path) as Uint8Array));
  const gate = named.get(GATE);
  return {
    artifacts: {
      ...description,
      weightSpecs: (weightsManifest ?? []).flatMap(({ weights }) => weights),
      weightData: weightData.buffer as ArrayBuffer,
    },
    ...(gate && { profile: JSON.parse(text.decode(gate)) }),
    pictures: named.get(FILMS),
  };
}

/** Every file by its own name, those in a .zip too. */
async function contentsOf(files: readonly File[]): Promise<Map<string, Uint8Array>> {
  const named = new Map<string, Uint8Array>();
  for (const file of files) {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const all = file.name.endsWith('.zip') ? unzipSync(bytes) : { [file.name]: bytes };
    for (const [path, content] of Object.entries(all))
      named.set(path.slice(path.lastIndexOf('/') + 1), content);
  }
  return named;
}

function joined(parts: readonly (ArrayBuffer | Uint8Array)[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const part of parts) {
    all.set(new Uint8Array(part), at);
    at += part.byteLength;
  }
  return all;
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
