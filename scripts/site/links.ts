import { posix } from 'node:path';
import { placeOf, resolved } from './paths.js';

/** Fenced and inline code, whose brackets are no links. */
const CODE = /^( *)(```|~~~)[\s\S]*?^\1?\2|`[^`\n]*`/gm;
const LINK = /(\]\(|src=")([^)"\s]+)/g;

/** Links to places outside the repository, and within the page, stay as they are. */
const isElsewhere = (target: string) => /^([a-z]+:|#|\/)/.test(target);

/** Targets of the links of a page, without those outside the repository. */
export function linksOf(markdown: string): { readonly target: string; readonly anchor: string }[] {
  const text = markdown.replace(CODE, '');
  return [...text.matchAll(LINK)]
    .map(([, , target]) => target)
    .filter((target) => !/^([a-z]+:|\/)/.test(target))
    .map((link) => {
      const [target, anchor = ''] = link.split('#');
      return { target, anchor };
    });
}

/**
 * The text of a page with its links brought from the repository to the site.
 *
 * @param from the file, from the root of the repository
 * @param to the page, from the root of the site
 * @param found called with each file that a link names
 */
export function withSiteLinks(
  markdown: string,
  from: string,
  to: string,
  found: (file: string) => void = () => {},
): string {
  const moved = (text: string) =>
    text.replace(LINK, (whole, opening: string, target: string) => {
      if (isElsewhere(target)) return whole;
      const [path, anchor] = target.split('#');
      const file = resolved(from, path);
      const place = placeOf(file, anchor);
      if (place.kind === 'repository') return `${opening}${inRepository(place.path)}`;
      found(file);
      const hash = anchor && place.path !== 'index.md' ? `#${anchor}` : '';
      const relative = posix.relative(posix.dirname(to), place.path);
      return `${opening}${relative.startsWith('.') ? relative : `./${relative}`}${hash}`;
    });
  return withoutDeadLinks(outsideCode(markdown, moved));
}

/** What stands for a link to the repository where nobody has said where that is; taken out again below. */
const NOWHERE = 'repository:';

function inRepository(path: string): string {
  const host = process.env.SALAD_AD_REPOSITORY?.replace(/\/$/, '');
  return host ? `${host}/tree/main/${path}` : `${NOWHERE}${path}`;
}

function withoutDeadLinks(markdown: string): string {
  return markdown.replace(
    /\[([^[\]]*)\]\(repository:([^)]*)\)/g,
    (_, text: string, path: string) =>
      text.replace(/`/g, '') === path ? `\`${path}\`` : `${text} (\`${path}\` of the repository)`,
  );
}

/** `change` done to what is no code. */
export function outsideCode(markdown: string, change: (text: string) => string): string {
  let at = 0;
  let out = '';
  for (const match of markdown.matchAll(CODE)) {
    out += change(markdown.slice(at, match.index)) + match[0];
    at = match.index + match[0].length;
  }
  return out + change(markdown.slice(at));
}
