import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, extname, join, posix } from 'node:path';
import { withSiteLinks } from './links.js';
import { pagesFolder, placeOf, root } from './paths.js';
import { homePage, quickstartPage } from './readme.js';

/** A page that is made, not read: its path on the site, its text, and the file whose links it has. */
export interface MadePage {
  readonly path: string;
  readonly text: string;
  readonly from: string;
}

/** Puts all pages together, with whatever of the repository they link to; returns what is in them, by path on the site. */
export function stage(made: readonly MadePage[]): Map<string, string> {
  rmSync(pagesFolder, { recursive: true, force: true });
  const pages = new Map<string, string>();
  const known = new Set<string>();
  const waiting: string[] = readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`);
  const found = (file: string) => {
    if (file !== 'README.md') waiting.push(file);
  };

  const own = [
    { path: 'index.md', text: homePage(), from: 'README.md' },
    { path: 'quickstart.md', text: quickstartPage(), from: 'README.md' },
    ...made,
  ];
  for (const { path, text, from } of own) pages.set(path, withSiteLinks(text, from, path, found));

  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (known.has(file)) continue;
    known.add(file);
    const place = placeOf(file);
    if (place.kind === 'repository' || pages.has(place.path)) continue;
    if (place.kind === 'picture') {
      copy(file, place.path);
      // A link, other than an image, is not seen by the bundler: the file lies there as it is too.
      copy(file, posix.join('public', place.path));
      continue;
    }
    const text = readFileSync(join(root, file), 'utf8');
    if (place.kind === 'source') pages.set(place.path, sourcePage(file, text));
    else pages.set(place.path, withSiteLinks(text, file, place.path, found));
  }
  for (const [path, text] of pages) write(path, text);
  return pages;
}

/** The lines of a program. */
function sourcePage(file: string, text: string): string {
  const language = { '.ts': 'ts', '.py': 'python', '.sh': 'sh', '.cjs': 'js' }[extname(file)];
  return `---\nsearch: false\naside: false\n---\n\n# ${file}\n\n~~~~${language ?? 'text'}\n${text}\n~~~~\n`;
}

function copy(file: string, path: string): void {
  const target = join(pagesFolder, path);
  mkdirSync(dirname(target), { recursive: true });
  cpSync(join(root, file), target);
}

function write(path: string, text: string): void {
  const target = join(pagesFolder, path);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, text);
}
