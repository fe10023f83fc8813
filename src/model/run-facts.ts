import * as tf from '@tensorflow/tfjs-core';
import type { Backbone } from '../backbones/backbone.js';
import type { MemoryBank } from '../core/memory-bank.js';
import { checkSource, type ImageSource } from '../images/image-source.js';
import type { Preparation } from '../images/preparation.js';
import { readImages } from '../images/read-images.js';
import { checkKnownOptions, checkObject, checkText } from '../support/check.js';
import type { DecisionThreshold } from '../support/decision-threshold.js';
import { thresholdText } from '../support/decision-threshold.js';
import { hexOf, sha256, subtleCrypto } from '../support/sha256.js';
import { VERSION } from '../support/version.js';
import type { SaladSettings } from './options.js';

/** What facts are told of: a `ScoringModel`. */
interface Described {
  readonly name?: string;
  readonly settings: SaladSettings;
  readonly backbone: Backbone;
  readonly bank: MemoryBank;
  readonly discard: readonly boolean[];
  readonly preparation: Preparation;
  readonly decisionThreshold: DecisionThreshold | undefined;
  readonly history: readonly unknown[];
}

type RunFacts = {
  readonly name: string;
  readonly value: string | number;
  readonly code?: boolean;
}[];

/** Images read at a time. */
const BATCH = 16;

/** @throws INVALID_OPTION | UNKNOWN_OPTION | NOT_FITTED | NO_CRYPTO */
export async function runFacts(
  where: string,
  model: Described,
  options: { readonly data?: Readonly<Record<string, ImageSource>>; readonly command?: string },
): Promise<RunFacts> {
  checkKnownOptions(where, options, { data: true, command: true });
  const { data = {}, command } = options;
  if (command !== undefined) checkText(where, 'command', command);
  checkObject(where, 'data', data, 'an object of sources by name');
  for (const [name, source] of Object.entries(data)) checkSource(where, source, '', `data.${name}`);
  const { settings, backbone, bank, discard, preparation, decisionThreshold, history } = model;
  const known = discard.filter(Boolean).length;
  const [height, width] = backbone.inputShape;
  const hashes: RunFacts = [];
  for (const [name, source] of Object.entries(data))
    hashes.push({ name: `Images, ${name}`, value: await imagesText(where, source), code: true });
  return [
    ...(command === undefined ? [] : [{ name: 'Command', value: command, code: true }]),
    { name: 'Model', value: model.name ?? 'salad' },
    {
      name: 'Learnt from',
      value: `${bank.size - known} normal images${known > 0 ? ` and ${known} known ${known === 1 ? 'anomaly' : 'anomalies'}` : ''}, ${history.length} epochs`,
    },
    ...hashes,
    { name: 'Bank, SHA-256', value: await bankHash(where, bank.rows), code: true },
    { name: 'Seed', value: settings.seed },
    {
      name: 'Score',
      value: `${settings.score}, ${settings.method}, K = ${settings.scoreNeighbors}`,
    },
    ...(decisionThreshold
      ? [
          {
            name: 'Threshold',
            value: `${decisionThreshold.value.toPrecision(6)}: ${thresholdText(decisionThreshold)}`,
          },
        ]
      : []),
    {
      name: 'Image size',
      value: `${height} x ${width} px, normalised by ${preparation.imageNormalization.name}`,
    },
    {
      name: 'Recipe',
      value: preparation.recipe
        ? JSON.stringify(preparation.recipe)
        : 'none: it learnt from arrays',
      code: preparation.recipe !== undefined,
    },
    { name: 'Network', value: JSON.stringify(backbone.config), code: true },
    { name: 'Settings', value: JSON.stringify(settings), code: true },
    { name: 'Backend', value: tf.getBackend() },
    { name: 'Versions', value: `salad-ad ${VERSION}, TensorFlow.js ${tf.version_core}, ${host()}` },
  ];
}

/** How many images a source has, and SHA-256 over what was read of each, in order: shape and values. */
async function imagesText(where: string, source: ImageSource): Promise<string> {
  const parts: string[] = [];
  for (let first = 0; first < source.length; first += BATCH) {
    const count = Math.min(BATCH, source.length - first);
    const indices = Array.from({ length: count }, (_, i) => first + i);
    const { pixels, shape } = await readImages(where, source, indices);
    const bytes = new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength);
    parts.push(`${shape.join('x')} ${await sha256(where, bytes.slice())}`);
  }
  return `${source.length}, SHA-256 ${await textHash(where, parts.join('\n'))}`;
}

async function bankHash(where: string, rows: tf.Tensor2D): Promise<string> {
  const values = await rows.data<'float32'>();
  return sha256(where, new Uint8Array(values.slice().buffer));
}

async function textHash(where: string, text: string): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  return hexOf(await subtleCrypto(where).digest('SHA-256', bytes));
}

function host(): string {
  const { process, navigator } = globalThis as {
    process?: { versions?: { node?: string }; platform?: string; arch?: string };
    navigator?: { userAgent?: string };
  };
  const node = process?.versions?.node;
  return node
    ? `Node ${node} on ${process?.platform} ${process?.arch}`
    : (navigator?.userAgent ?? 'unknown host');
}
