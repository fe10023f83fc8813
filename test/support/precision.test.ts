import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-webgl'; // registers the flags, but no backend in Node
import { beforeEach, describe, expect, it } from 'vitest';
import { epsilon, floatPrecision } from '../../src/support/precision.js';

/** A backend that answers as tfjs's webgl does: 16 wherever its textures can hold 32 bits, too. */
function useBackendThatSays16(renderFloat32: boolean): void {
  const backend = new (class extends tf.KernelBackend {
    override floatPrecision = () => 16 as const;
    override dispose() {}
  })();
  tf.registerBackend('sixteen', () => backend);
  tf.env().set('WEBGL_RENDER_FLOAT32_ENABLED', renderFloat32);
  tf.setBackend('sixteen');
}

describe('floatPrecision', () => {
  beforeEach(async () => {
    await tf.setBackend('cpu');
  });

  it('is 32 on cpu', () => {
    expect(floatPrecision()).toBe(32);
    expect(epsilon()).toBe(1e-7);
  });

  it.each([
    [true, 32, 1e-7],
    [false, 16, 1e-4],
  ])('with textures of 32 bits: %s', (renderFloat32, bits, smallest) => {
    useBackendThatSays16(renderFloat32);
    expect(floatPrecision()).toBe(bits);
    expect(epsilon()).toBe(smallest);
    tf.removeBackend('sixteen');
  });
});
