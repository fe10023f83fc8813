/** How renderers that run on the processor call themselves. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|software|\bwarp\b/i;

/** What is used of WebGPU here; its types are not among those of every compiler. */
interface Adapter {
  readonly isFallbackAdapter?: boolean;
  readonly info?: {
    readonly vendor?: string;
    readonly architecture?: string;
    readonly device?: string;
    readonly description?: string;
    readonly isFallbackAdapter?: boolean;
  };
}
interface Gpu {
  requestAdapter(options: { powerPreference: 'high-performance' }): Promise<Adapter | null>;
}

/** Why WebGPU is not worth using here, or nothing. */
export async function whyNoWebgpu(): Promise<string | undefined> {
  const gpu = (globalThis.navigator as { gpu?: Gpu } | undefined)?.gpu;
  const adapter = await gpu
    ?.requestAdapter({ powerPreference: 'high-performance' })
    .catch(() => null);
  if (!adapter) return 'there is no WebGPU adapter';
  const { vendor, architecture, device, description, isFallbackAdapter } = adapter.info ?? {};
  const name = [vendor, architecture, device, description].filter(Boolean).join(' ');
  const software = isFallbackAdapter || adapter.isFallbackAdapter || SOFTWARE.test(name);
  return software ? `its adapter is software (${name || 'a fallback adapter'})` : undefined;
}

/** Why WebGL is not worth using here, or nothing. */
export function whyNoWebgl(): string | undefined {
  const gl = webglContext();
  if (!gl) return 'there is no WebGL context';
  const unmasked = gl.getExtension('WEBGL_debug_renderer_info');
  const renderer = String(gl.getParameter(unmasked?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER));
  // A page has few contexts to spend.
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  return SOFTWARE.test(renderer) ? `its renderer is software (${renderer})` : undefined;
}

function webglContext(): WebGLRenderingContext | null {
  const canvas =
    typeof OffscreenCanvas === 'function'
      ? new OffscreenCanvas(1, 1)
      : typeof document === 'object'
        ? document.createElement('canvas')
        : undefined;
  const context = canvas?.getContext('webgl2') ?? canvas?.getContext('webgl') ?? null;
  // Packages declare an OffscreenCanvas beside the DOM's, whose contexts are of any kind.
  return context as WebGLRenderingContext | null;
}
