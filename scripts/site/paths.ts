import { existsSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Where the site is put together and built; ignored by git. */
export const siteFolder = join(root, 'output/site');
export const pagesFolder = join(siteFolder, 'pages');
export const htmlFolder = join(siteFolder, 'html');

/** Sections of the README that the site shows as one page, by the anchor that a code host gives them. */
export const quickstartSections: readonly string[] = [
  'install',
  'from-an-empty-folder-to-scores',
  'quickstart',
  'the-method-without-the-model',
  'what-else-is-in-the-package',
  'limits',
];

const PICTURES = /\.(svg|png|jpe?g|gif|webp)$/;

/** How the site holds a file of the repository. */
export type Place =
  /** A page of text, or of a program's lines. */
  | { readonly kind: 'page' | 'source'; readonly path: string }
  /** A file as it is. */
  | { readonly kind: 'picture'; readonly path: string }
  /** What only the repository holds: folders, and files that are no text. */
  | { readonly kind: 'repository'; readonly path: string };

/**
 * Where a file of the repository is on the site.
 *
 * @param file its path from the root of the repository, with slashes
 * @param anchor of the link, without `#`
 */
export function placeOf(file: string, anchor = ''): Place {
  const path = file.replace(/\/$/, '');
  if (path === 'README.md')
    return {
      kind: 'page',
      path: quickstartSections.includes(anchor) ? 'quickstart.md' : 'index.md',
    };
  if (path.startsWith('docs/') && path.endsWith('.md'))
    return { kind: 'page', path: path.slice('docs/'.length) };
  const full = join(root, path);
  if (!existsSync(full) || statSync(full).isDirectory()) return { kind: 'repository', path };
  if (PICTURES.test(path)) return { kind: 'picture', path: path.replace(/^docs\//, '') };
  if (path.endsWith('.md')) return { kind: 'page', path: `repository/${path}` };
  // VitePress passes over folders that begin with a dot.
  return { kind: 'source', path: `repository/${path.replace(/(^|\/)\./g, '$1')}.md` };
}

/** A target relative to a file, as a path from the root of the repository. */
export function resolved(from: string, target: string): string {
  return posix.normalize(posix.join(posix.dirname(from), target));
}
