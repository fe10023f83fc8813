import * as tf from '@tensorflow/tfjs-core';
import { check } from '../support/check.js';
import { SaladError } from '../support/errors.js';

/** What a detector has learnt, in the form every tf.io handler takes. The tensors are only read. */
export async function encodeArtifacts(
  className: string,
  tensors: tf.NamedTensorMap,
  userDefinedMetadata: Record<string, object>,
): Promise<tf.io.ModelArtifacts> {
  const { data, specs } = await tf.io.encodeWeights(tensors);
  return {
    format: 'salad-ad',
    generatedBy: 'salad-ad',
    modelTopology: { class_name: className },
    weightSpecs: specs,
    weightData: data,
    userDefinedMetadata,
  };
}

/** @throws FORMAT_VERSION where a file was written by a later version of the library. */
export function checkFormatVersion(where: string, found: number, supported: number): void {
  check(
    found <= supported,
    'FORMAT_VERSION',
    () =>
      `${where}: the file has format version ${found} but this version of salad-ad reads up to ${supported}; update salad-ad.`,
    { found, supported },
  );
}

/** The named tensors of a file, which are the caller's. @throws TRUNCATED_MODEL */
export function decodeTensors(
  where: string,
  { weightSpecs = [], weightData = [] }: tf.io.ModelArtifacts,
): tf.NamedTensorMap {
  const bytes = tf.io.concatenateArrayBuffers([weightData].flat());
  const expected = weightSpecs.reduce(
    (sum, spec) => sum + tf.util.sizeFromShape(spec.shape) * (spec.dtype === 'bool' ? 1 : 4),
    0,
  );
  check(
    bytes.byteLength === expected,
    'TRUNCATED_MODEL',
    () =>
      `${where}: the weights have ${bytes.byteLength} bytes but the model describes ${expected}; the file was cut short or mixed up: copy it again.`,
    { found: bytes.byteLength, expected },
  );
  return tf.io.decodeWeights(bytes, weightSpecs);
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
