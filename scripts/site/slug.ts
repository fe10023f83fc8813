/** The anchor of a heading, as code hosts make it: the site has the same ones, so that one link serves both. */
export function slug(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M} _-]/gu, '')
    .replace(/ /g, '-');
}

/** Anchors of a page of Markdown: those of its headings, numbered where one comes again, and written ones. */
export function anchorsOf(markdown: string): ReadonlySet<string> {
  const text = markdown.replace(/^(```|~~~).*?^\1/gms, '');
  const seen = new Map<string, number>();
  const anchors = [...text.matchAll(/^#{1,6} (.*)$/gm)].map(([, heading]) => {
    const plain = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1');
    const base = slug(plain);
    const times = seen.get(base) ?? 0;
    seen.set(base, times + 1);
    return times === 0 ? base : `${base}-${times}`;
  });
  const written = [...text.matchAll(/<a (?:id|name)="([^"]+)"/g)].map(([, id]) => id);
  return new Set([...anchors, ...written]);
}
