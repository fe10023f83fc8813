import * as tf from '@tensorflow/tfjs-core';
import { efficientNetLite0 } from '../../src/encoders/index.js';
import { furthest, type LiteReference, pattern } from '../encoders/pattern.js';
import type { ConformanceCase, Values } from './case.js';

/** The file of weights, and what PyTorch makes of a pattern. */
export interface EncoderFixtures {
  /** The bytes, in base64. */
  readonly weights: string;
  readonly references: Readonly<Record<string, LiteReference>>;
}

/** How far a map may be from PyTorch's, in parts of its largest value: with the weights of the file, and as they were published. */
const LIMITS = { restored: 1e-4, original: 1e-3 } as const;

/** The encoder that comes along is that of PyTorch, on every backend. */
export function encoderCases({ weights, references }: EncoderFixtures): ConformanceCase[] {
  return Object.entries(references).map(([name, reference]) => ({
    name: `efficientNetLite0: ${name}`,
    run: () =>
      beyondLimits(
        Uint8Array.from(atob(weights), (c) => c.charCodeAt(0)),
        reference,
      ),
    // Maps that are further off than the limits.
    expected: { restored: [0, 0], original: [0, 0] },
  }));
}

async function beyondLimits(weights: Uint8Array, reference: LiteReference): Promise<Values> {
  const [, height, width, channels] = reference.shape;
  const encoder = await efficientNetLite0({ inputShape: [height, width, channels], weights });
  const images = pattern(reference.shape);
  const { maps, embeddings } = tf.tidy(() => {
    const encoded = encoder.encode(images, false);
    return { embeddings: encoded.embeddings, maps: [...(encoded.maps ?? [])] };
  });
  const values = await Promise.all(maps.map((map) => map.data()));
  const beyond = (which: keyof typeof LIMITS) =>
    reference.maps.map((map, i) => {
      const scale = { step: reference.step, largest: map.largest };
      return furthest(values[i], map[which], scale) <= LIMITS[which] ? 0 : 1;
    });
  tf.dispose([images, embeddings, ...maps]);
  encoder.dispose();
  return { restored: beyond('restored'), original: beyond('original') };
}
