import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/**
 * Links of built pages that lead nowhere, as 'page: target': files that are not there, and anchors that no element has.
 *
 * @param folder of the built site
 * @param base that its links begin with
 */
export function deadLinks(folder: string, base: string): string[] {
  const pages = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.html'),
  );
  const ids = new Map<string, ReadonlySet<string>>();
  const idsOf = (path: string) => {
    const known = ids.get(path);
    if (known) return known;
    const found = readFileSync(path, 'utf8').matchAll(/\sid="([^"]+)"/g);
    const all = new Set([...found].map(([, id]) => decoded(id)));
    ids.set(path, all);
    return all;
  };

  const dead = new Set<string>();
  for (const page of pages) {
    const path = join(folder, page);
    const html = readFileSync(path, 'utf8').replace(/<script[\s\S]*?<\/script>/g, '');
    for (const [, raw] of html.matchAll(/\s(?:href|src)="([^"]*)"/g)) {
      const link = decoded(raw);
      if (/^[a-z]+:/.test(link) || link.startsWith('//')) continue;
      const [target, anchor] = link.split('#');
      const file = fileOf(folder, base, path, target);
      if (!file) dead.add(`${page}: ${link}`);
      else if (anchor && file.endsWith('.html') && !idsOf(file).has(decodeURIComponent(anchor)))
        dead.add(`${page}: ${link}`);
    }
  }
  return [...dead].map((one) => one.replace(`${relative('.', folder)}/`, ''));
}

/** The built file that a link names; undefined where there is none. */
function fileOf(folder: string, base: string, page: string, target: string): string | undefined {
  const path = decodeURIComponent(target.split('?')[0]);
  // It leads to the host, outside the site.
  if (path.startsWith('/') && !path.startsWith(base)) return undefined;
  const from = path.startsWith('/')
    ? join(folder, path.slice(base.length))
    : join(path === '' ? page : dirname(page), path);
  const tried = [from, `${from}.html`, join(from, 'index.html')];
  return tried.find((file) => existsSync(file) && statSync(file).isFile());
}

const decoded = (text: string): string =>
  text
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
