import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type BackendName, detectBackend } from '../../src/backend/index.js';
import { codeOf } from '../model/tiny.js';

/** A backend that starts, or does not, and can do nothing. */
function register(name: BackendName, starts = true): void {
  tf.registerBackend(name, async () => {
    if (!starts) throw new Error('no such luck');
    return new (class extends tf.KernelBackend {
      override dispose() {}
    })();
  });
}

/** A loader as an application writes it: importing the package registers the backend. */
const loads = (name: BackendName, starts = true) =>
  vi.fn(async () => {
    if (!tf.findBackendFactory(name)) register(name, starts);
  });

const failsToImport = async () => {
  throw new Error("Cannot find package '@tensorflow/tfjs-node'");
};

function stubWebgpu(adapter: object | null): void {
  vi.stubGlobal('navigator', { gpu: { requestAdapter: async () => adapter } });
}

/** A canvas whose WebGL names this renderer; `lost` counts the contexts that were given back. */
function stubWebgl(renderer: string | null) {
  const counts = { lost: 0 };
  const extensions: Record<string, object> = {
    WEBGL_debug_renderer_info: { UNMASKED_RENDERER_WEBGL: 37446 },
    WEBGL_lose_context: {
      loseContext() {
        counts.lost++;
      },
    },
  };
  const context = {
    RENDERER: 7937,
    getExtension: (name: string) => extensions[name],
    getParameter: (what: number) => (what === 37446 ? renderer : 'WebKit WebGL'),
  };
  class Canvas {
    getContext = () => (renderer === null ? null : context);
  }
  vi.stubGlobal('OffscreenCanvas', Canvas);
  return counts;
}

const HARDWARE = { info: { vendor: 'nvidia', architecture: 'ada' } };

describe('detectBackend', () => {
  beforeEach(() => {
    vi.spyOn(console, 'warn').mockImplementation(() => {});
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
    for (const name of ['tensorflow', 'webgpu', 'webgl', 'wasm', 'cpu'])
      if (tf.findBackendFactory(name)) tf.removeBackend(name);
  });

  it('takes the first in the order, whatever the order of the loaders, and imports no further', async () => {
    const [cpu, wasm, tensorflow] = [loads('cpu'), loads('wasm'), loads('tensorflow')];
    const found = await detectBackend({ cpu, wasm, tensorflow });
    expect(found).toEqual({ name: 'tensorflow', passedOver: [] });
    expect(tf.getBackend()).toBe('tensorflow');
    expect(wasm).not.toHaveBeenCalled();
    expect(cpu).not.toHaveBeenCalled();
  });

  it('says why a better one was passed over: import, registration, start', async () => {
    const found = await detectBackend({
      tensorflow: failsToImport,
      webgl: async () => {},
      wasm: loads('wasm', false),
      cpu: loads('cpu'),
    });
    expect(found).toEqual({
      name: 'cpu',
      passedOver: [
        {
          name: 'tensorflow',
          reason: "its import failed: Cannot find package '@tensorflow/tfjs-node'",
        },
        { name: 'webgl', reason: 'its import registered no backend of this name here' },
        { name: 'wasm', reason: 'it did not start; the console says why' },
      ],
    });
    expect(tf.getBackend()).toBe('cpu');
  });

  it('finds what is registered already, and still runs a loader that prepares it', async () => {
    register('wasm');
    register('cpu');
    const prepare = vi.fn();
    expect((await detectBackend({ wasm: prepare })).name).toBe('wasm');
    expect(prepare).toHaveBeenCalledOnce();
    expect(await detectBackend()).toEqual({ name: 'wasm', passedOver: [] });
  });

  it('leaves out of the reasons what was neither passed in nor registered', async () => {
    expect(await detectBackend({ cpu: loads('cpu') })).toEqual({ name: 'cpu', passedOver: [] });
  });

  describe('takes graphics on real hardware alone', () => {
    const backends = () => ({
      webgpu: loads('webgpu'),
      webgl: loads('webgl'),
      wasm: loads('wasm'),
    });

    it('webgpu on a card', async () => {
      stubWebgpu(HARDWARE);
      expect(await detectBackend(backends())).toEqual({ name: 'webgpu', passedOver: [] });
    });

    it('not where asking for them fails', async () => {
      const requestAdapter = () => {
        throw new Error('lost');
      };
      vi.stubGlobal('navigator', { gpu: { requestAdapter } });
      const { name, passedOver } = await detectBackend({
        webgpu: loads('webgpu'),
        cpu: loads('cpu'),
      });
      expect(name).toBe('cpu');
      expect(passedOver).toEqual([{ name: 'webgpu', reason: 'its adapter failed: lost' }]);
    });

    it.each([
      ['SwiftShader', { info: { vendor: 'google', architecture: 'swiftshader' } }],
      ['llvmpipe', { info: { vendor: 'mesa', description: 'llvmpipe (LLVM 15.0.6, 256 bits)' } }],
      ['Basic Render', { info: { vendor: 'microsoft', device: 'Basic Render Driver' } }],
      ['fallback', { isFallbackAdapter: true }],
      ['fallback', { info: { isFallbackAdapter: true } }],
    ])('webgl where the adapter of webgpu is software (%s)', async (name, adapter) => {
      stubWebgpu(adapter);
      const counts = stubWebgl('ANGLE (Intel, Mesa Intel(R) UHD Graphics 620, OpenGL 4.6)');
      const { name: chosen, passedOver } = await detectBackend(backends());
      expect(chosen).toBe('webgl');
      expect(passedOver).toHaveLength(1);
      expect(passedOver[0].reason.toLowerCase()).toMatch('its adapter is software');
      expect(passedOver[0].reason.toLowerCase()).toMatch(name.toLowerCase());
      expect(counts.lost).toBe(1);
    });

    it.each([
      'ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero) (0x0000C0DE)), SwiftShader driver)',
      'llvmpipe (LLVM 12.0.0, 256 bits)',
      'ANGLE (Microsoft, Microsoft Basic Render Driver Direct3D11 vs_5_0 ps_5_0)',
      'Apple Software Renderer',
    ])('wasm where both are software: %s', async (renderer) => {
      stubWebgpu(null);
      const counts = stubWebgl(renderer);
      expect(await detectBackend(backends())).toEqual({
        name: 'wasm',
        passedOver: [
          { name: 'webgpu', reason: 'there is no WebGPU adapter' },
          { name: 'webgl', reason: `its renderer is software (${renderer})` },
        ],
      });
      expect(counts.lost).toBe(1);
    });

    it('wasm where there is neither', async () => {
      stubWebgl(null);
      vi.stubGlobal('navigator', undefined);
      const { name, passedOver } = await detectBackend(backends());
      expect(name).toBe('wasm');
      expect(passedOver.map(({ reason }) => reason)).toEqual([
        'there is no WebGPU adapter',
        'there is no WebGL context',
      ]);
    });

    it('wasm in Node, which has no canvas', async () => {
      expect((await detectBackend(backends())).name).toBe('wasm');
    });

    it('wasm where the adapter cannot be asked', async () => {
      const requestAdapter = () => Promise.reject(new Error('lost'));
      vi.stubGlobal('navigator', { gpu: { requestAdapter } });
      expect((await detectBackend(backends())).name).toBe('wasm');
    });
  });

  it('raises BACKEND_NOT_READY with every reason where none is left', async () => {
    await expect(
      detectBackend({ tensorflow: failsToImport, wasm: loads('wasm', false) }),
    ).rejects.toThrow(/tensorflow: its import failed.*; wasm: it did not start.*BACKEND_NOT_READY/);
    expect(await codeOf(detectBackend({ wasm: failsToImport }))).toBe('BACKEND_NOT_READY');
  });

  it('refuses names it does not know and what is no function', async () => {
    const misspelt = { tensorfow: failsToImport } as object;
    await expect(detectBackend(misspelt)).rejects.toThrow(
      /Did you mean 'tensorflow'\?.*\[UNKNOWN_OPTION\]$/,
    );
    const name = { wasm: '@tensorflow/tfjs-backend-wasm' } as object;
    expect(await codeOf(detectBackend(name))).toBe('INVALID_OPTION');
  });
});
