import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { describe, expect, inject, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { entries, specifier } from './entries.js';

// README has a table of what each entry weighs at most. It is the budget: a larger entry fails here, and so does one that
// the table makes more than a fifth and a kilobyte heavier than it is.

/** Entries that need Node. */
const FOR_NODE = ['experiments', 'node', 'tensorflow'];

/** Kilobytes of each entry as README tells them. */
const told = Object.fromEntries(
  [...readFileSync('README.md', 'utf8').matchAll(/^\| `(salad-ad\S*)` \| (\d+) kB \|$/gm)].map(
    ([, name, size]) => [name, Number(size)],
  ),
);

/** All of an entry and of what it brings, minified and gzipped, in kilobytes; packages that users install themselves are left out. */
async function kilobytesOf(entry: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: `export * from '${specifier(entry)}';`, resolveDir: inject('project') },
    bundle: true,
    splitting: true,
    outdir: 'output',
    format: 'esm',
    platform: FOR_NODE.includes(entry) ? 'node' : 'browser',
    minify: true,
    external: Object.keys(packageJson.peerDependencies),
    write: false,
    logLevel: 'silent',
  });
  return outputFiles.reduce((sum, { contents }) => sum + gzipSync(contents).length, 0) / 1000;
}

describe('the size that README tells', () => {
  it('is told of every entry', () => {
    expect(Object.keys(told).sort()).toEqual(entries.map(specifier).sort());
  });

  it.each(entries)('holds for %s', async (entry) => {
    const size = await kilobytesOf(entry);
    const most = told[specifier(entry)];
    expect(size).toBeLessThanOrEqual(most);
    expect(size).toBeGreaterThan(0.8 * most - 1);
  });
});
