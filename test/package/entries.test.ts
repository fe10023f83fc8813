import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { entries } from './entries.js';

const installed = join(inject('project'), 'node_modules/salad-ad');
const subPaths = entries.filter((entry) => entry !== 'index');

describe('package.json', () => {
  it('exports every folder of src that has an index.ts, and no other', () => {
    const folders = readdirSync('src').filter((name) => existsSync(`src/${name}/index.ts`));
    expect([...subPaths].sort()).toEqual(folders.sort());
  });

  it.each(entries)('exports %s for both formats, types first', (entry) => {
    const key = (entry === 'index' ? '.' : `./${entry}`) as '.';
    const conditions = packageJson.exports[key];
    expect(JSON.stringify(conditions)).toBe(
      JSON.stringify({
        import: { types: `./dist/${entry}.d.ts`, default: `./dist/${entry}.js` },
        require: { types: `./dist/${entry}.d.cts`, default: `./dist/${entry}.cjs` },
      }),
    );
  });

  it('names every sub-path for resolvers that do not read exports', () => {
    expect(packageJson.typesVersions['*']).toEqual(
      Object.fromEntries(subPaths.map((entry) => [entry, [`./dist/${entry}.d.ts`]])),
    );
  });
});

describe('the packed package.json', () => {
  const packed = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));

  // They call files that are not in the package.
  it('has no scripts, and nothing that only they need', () => {
    expect(packed.scripts).toBeUndefined();
    expect(packed.devDependencies).toBeUndefined();
  });

  it('is otherwise that of the repository, which has been written back', () => {
    const { scripts: _, devDependencies: __, ...rest } = packageJson;
    expect(packed).toEqual(rest);
    expect(Object.keys(JSON.parse(readFileSync('package.json', 'utf8')))).toContain('scripts');
    expect(existsSync('output/package.json')).toBe(false);
  });
});

describe('the packed files', () => {
  it.each(entries)('hold code and declarations of %s', (entry) => {
    const missing = ['js', 'cjs', 'd.ts', 'd.cts'].filter(
      (extension) => !existsSync(join(installed, `dist/${entry}.${extension}`)),
    );
    expect(missing).toEqual([]);
  });

  it('are those of the library, its licence and its papers', () => {
    expect(readdirSync(installed).sort()).toEqual(
      [
        'CHANGELOG.md',
        'CITATION.cff',
        'LICENSE',
        'NOTICE',
        'README.md',
        'dist',
        'docs',
        'package.json',
      ].sort(),
    );
  });
});
