import { check, checkChoice, checkKnownOptions, checkText } from '../../support/check.js';
import { pages, schemes } from './palette.js';

/**
 * A figure as a file of its own: with paper of its own, and plain colours in place of the page's
 * custom properties, which drawing programs and word processors do not know.
 *
 * @param svg what a function of `figures` returned.
 * @returns the source of an SVG 1.1 file.
 * @throws INVALID_OPTION, UNKNOWN_OPTION
 * @example
 * await writeFile('roc.svg', standaloneSvg(await figures.roc({ curves })));
 */
export function standaloneSvg(
  svg: string,
  options: {
    /** Dark ink on light paper, or the reverse. @defaultValue 'light' */
    readonly scheme?: 'light' | 'dark';
  } = {},
): string {
  return standalone('standaloneSvg', svg, options);
}

/** {@link standaloneSvg}, for a caller whose name the errors bear. */
export function standalone(
  where: string,
  svg: string,
  options: { readonly scheme?: 'light' | 'dark' },
): string {
  checkKnownOptions(where, options, { scheme: true });
  const { scheme = 'light' } = options;
  checkChoice(where, 'scheme', scheme, ['light', 'dark']);
  const colors: Readonly<Record<string, string>> = schemes[scheme];
  const { paper, ink } = pages[scheme];
  checkText(where, 'svg', svg, 'what a function of figures returned');
  // No attribute holds a '<' or a quote of what a user gave.
  const start = svg.indexOf('<g');
  const [, width, height] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg.slice(0, start)) ?? [];
  check(
    height !== undefined,
    'INVALID_OPTION',
    () =>
      `${where}: svg is no figure of this library; expected what a function of figures returned.`,
  );
  const [wide, high] = [Number(width) + 2 * margin, Number(height) + 2 * margin];
  const box = `x="${-margin}" y="${-margin}" width="${wide}" height="${high}"`;
  const opening = svg
    .slice(0, start)
    .replace(/ width="[^"]*"/, ` width="${wide}"`)
    .replace(/ height="[^"]*"/, ` height="${high}"`)
    .replace(/viewBox="[^"]*"/, `viewBox="${-margin} ${-margin} ${wide} ${high}" color="${ink}"`);
  const figure = svg
    .slice(start)
    .replace(/"var\((--[\w-]+), ([^()"]+)\)"/g, (_, name, other) => `"${colors[name] ?? other}"`);
  return `${opening}<rect ${box} fill="${paper}"/>${figure}`;
}

/** Of paper around the figure, in pixels. */
const margin = 12;
