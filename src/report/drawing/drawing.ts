import { missingPeer } from '../../support/missing-peer.js';
import { readableText } from './readable-text.js';

type PlotLibrary = typeof import('@observablehq/plot');
type Panel = ReturnType<PlotLibrary['plot']>;

/** Observable Plot, and the document that it draws into: the page's own, or linkedom's in Node. */
export interface Drawing {
  readonly Plot: PlotLibrary;
  readonly document: Document;
}

/** Width of every figure, in pixels: small enough that its type is still legible on a phone. */
export const figureWidth = 440;

const svgNamespace = 'http://www.w3.org/2000/svg';

/** Loads the drawing libraries on use. @throws MISSING_PEER naming the package to install. */
export async function openDrawing(where: string): Promise<Drawing> {
  const Plot = await observablePlot(where);
  if (typeof document !== 'undefined') return { Plot, document };
  const { DOMParser } = await linkedom(where);
  // An XML document, so that names are escaped in attributes too.
  const page = new DOMParser().parseFromString(`<svg xmlns="${svgNamespace}"/>`, 'image/svg+xml');
  return { Plot, document: page as unknown as Document };
}

async function observablePlot(where: string): Promise<PlotLibrary> {
  try {
    return await import('@observablehq/plot');
  } catch (cause) {
    return missingPeer(where, '@observablehq/plot')(cause);
  }
}

async function linkedom(where: string): Promise<typeof import('linkedom')> {
  try {
    return await import('linkedom');
  } catch (cause) {
    return missingPeer(where, 'linkedom')(cause);
  }
}

/**
 * Stacks plots into one SVG, and returns its source.
 *
 * Plot's own style sheet and class are left behind, since they would differ from figure to figure;
 * what they do is said in the attributes of the outer element.
 */
export function toSvg(
  { document }: Drawing,
  text: { label: string; description: string },
  panels: readonly Panel[],
): string {
  const svg = document.createElementNS(svgNamespace, 'svg');
  let height = 0;
  for (const panel of panels) {
    const group = document.createElementNS(svgNamespace, 'g');
    group.setAttribute('transform', `translate(0,${height})`);
    group.append(
      ...[...panel.childNodes].filter((node) => node.nodeName.toLowerCase() !== 'style'),
    );
    svg.append(group);
    height += Number(panel.getAttribute('height'));
  }
  const attributes = {
    role: 'img',
    'aria-label': text.label,
    'aria-description': text.description,
    width: figureWidth,
    height,
    viewBox: `0 0 ${figureWidth} ${height}`,
    fill: 'currentColor',
    'font-family': 'system-ui, sans-serif',
    'font-size': 12,
    'text-anchor': 'middle',
    style: 'display: block; max-width: 100%; height: auto; white-space: pre; overflow: visible',
  };
  for (const [name, value] of Object.entries(attributes)) svg.setAttribute(name, String(value));
  // Without it a file or a notebook takes the source for plain XML.
  svg.setAttributeNS('http://www.w3.org/2000/xmlns/', 'xmlns', svgNamespace);
  return readableText(
    typeof XMLSerializer === 'undefined'
      ? svg.outerHTML
      : new XMLSerializer().serializeToString(svg),
  );
}
