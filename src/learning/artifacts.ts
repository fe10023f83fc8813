import * as tf from '@tensorflow/tfjs-core';
import { SaladError } from '../support/errors.js';
import { checksumOf } from './checksum.js';

/** Where a file keeps what it says of a detector: of `SaladModel`, or of the others. */
export type DescriptionKey = 'saladAd' | 'saladAdDetector';

/**
 * What a detector has learnt, in the form every tf.io handler takes, with a checksum of it. The tensors are only read.
 */
export async function encodeArtifacts(
  className: string,
  tensors: tf.NamedTensorMap,
  key: DescriptionKey,
  description: object,
): Promise<tf.io.ModelArtifacts> {
  const { data, specs } = await tf.io.encodeWeights(tensors);
  const checksum = checksumOf(description, specs, [new Uint8Array(data)]);
  return {
    format: 'salad-ad',
    generatedBy: 'salad-ad',
    modelTopology: { class_name: className },
    weightSpecs: specs,
    weightData: data,
    userDefinedMetadata: { [key]: description, checksum },
  };
}

/**
 * A handler, from itself or from a URL: one that a registered handler of tfjs knows, else of a server.
 *
 * Bundlers that shake off what is not imported by name take tfjs's own router for http with it.
 */
export function handlerOf(
  where: string,
  handlerOrUrl: tf.io.IOHandler | string,
  direction: 'save' | 'load',
): tf.io.IOHandler {
  const handler = typeof handlerOrUrl === 'string' ? byUrl(handlerOrUrl, direction) : handlerOrUrl;
  if (handler && typeof handler[direction] === 'function') return handler;
  throw new SaladError(
    'INVALID_OPTION',
    `${where}: nothing here can ${direction} ${typeof handlerOrUrl === 'string' ? `'${handlerOrUrl}'` : 'with this handler'}; ` +
      "expected a tf.io.IOHandler or a URL such as 'indexeddb://chest' in a browser; in Node use fileSystem('folder') from 'salad-ad/node'.",
  );
}

function byUrl(url: string, direction: 'save' | 'load'): tf.io.IOHandler | undefined {
  const routers = direction === 'save' ? tf.io.getSaveHandlers : tf.io.getLoadHandlers;
  const [known] = routers(url);
  if (known) return known;
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1].toLowerCase();
  // A path without a scheme is of the server only where there is a page.
  const ofServer = scheme ? /^https?$/.test(scheme) : typeof location === 'object';
  return ofServer ? tf.io.browserHTTPRequest(url) : undefined;
}
