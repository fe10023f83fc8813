import { build } from 'esbuild';
import { describe, expect, inject, it } from 'vitest';
import { entries, specifier } from './entries.js';

/** Bundles `code`, and says which files gave how many bytes. */
async function bundle(
  code: string,
  platform: 'browser' | 'node' = 'browser',
): Promise<Record<string, number>> {
  const { metafile } = await build({
    stdin: { contents: code, resolveDir: inject('project') },
    bundle: true,
    format: 'esm',
    platform,
    // Optional packages, which this project does not have.
    external: ['@observablehq/plot', '@techstark/opencv-js', 'fast-png', 'linkedom', 'umap-js'],
    metafile: true,
    write: false,
    logLevel: 'silent',
  });
  const [output] = Object.values(metafile.outputs);
  return Object.fromEntries(
    Object.entries(output.inputs).map(([file, { bytesInOutput }]) => [file, bytesInOutput]),
  );
}

const bytesOf = (files: Record<string, number>, part: string): number =>
  Object.entries(files)
    .filter(([file]) => file.includes(part))
    .reduce((sum, [, bytes]) => sum + bytes, 0);

describe('a bundle', () => {
  it.each(entries)('takes nothing of %s that is not used', async (entry) => {
    const files = await bundle(`import '${specifier(entry)}';`, 'node');
    expect(bytesOf(files, 'salad-ad/dist')).toBe(0);
  });

  it.each(entries.filter((entry) => !['node', 'experiments'].includes(entry)))(
    'of %s builds for a browser',
    async (entry) => {
      const files = await bundle(`export * from '${specifier(entry)}';`);
      expect(bytesOf(files, 'salad-ad/dist')).toBeGreaterThan(0);
    },
  );

  it.each([
    ['browser', 'browser-file-decoding', 'node-file-decoding'],
    ['node', 'node-file-decoding', 'browser-file-decoding'],
  ] as const)('for %s decodes files as can be done there', async (platform, own, other) => {
    const files = await bundle(`export { SaladModel } from 'salad-ad';`, platform);
    expect(bytesOf(files, own)).toBeGreaterThan(0);
    expect(bytesOf(files, other)).toBe(0);
  });

  it.each(['metrics', 'data', 'report'])('of %s holds no tfjs', async (entry) => {
    const files = await bundle(`export * from '${specifier(entry)}';`);
    expect(bytesOf(files, '@tensorflow')).toBe(0);
  });
});
