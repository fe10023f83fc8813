import { DOMParser, parseHTML } from 'linkedom';

/** The figure as a tree. */
export function parseSvg(svg: string) {
  return new DOMParser().parseFromString(svg, 'image/svg+xml');
}

/** The page (or a piece of one) as a tree. */
export function parsePage(page: string) {
  return parseHTML(page).document;
}

/** The corners of a path made of straight lines. */
export function pointsOf(path: Element): { x: number; y: number }[] {
  const d = path.getAttribute('d') ?? '';
  return d
    .split(/[ML]/)
    .filter(Boolean)
    .map((pair) => {
      const [x, y] = pair.split(',').map(Number);
      return { x, y };
    });
}
