import type { ImageClass, PartSummary } from '../../splits/split-summary.js';
import { type Drawing, figureWidth } from '../drawing/drawing.js';
import { palette } from '../drawing/palette.js';

const marginLeft = 116;
const titleHeight = 28;
const classNames: readonly ImageClass[] = ['normal', 'abnormal', 'unlabelled'];

/** Colours of the classes. */
export const classColor = {
  domain: classNames,
  range: [palette.normal, palette.abnormal, palette.muted],
};

/** Classes of which there are images. */
export function presentClasses(classes: PartSummary['classes']): readonly ImageClass[] {
  return classNames.filter((name) => classes[name].images > 0);
}

/** A row for each key, under a title. */
export function frame(
  document: Document,
  rows: readonly { readonly key: string }[],
  marginBottom = 0,
  rowHeight = 20,
) {
  return {
    document,
    width: figureWidth,
    height: titleHeight + rowHeight * rows.length + marginBottom + 16,
    marginTop: titleHeight,
    marginBottom: marginBottom + 16,
    marginLeft,
    marginRight: 12,
    y: {
      type: 'band',
      axis: null,
      domain: rows.map(({ key }) => key),
      padding: 0.15,
      round: false,
    } as const,
  };
}

/** The panel's own, in bold. */
export function title(Plot: Drawing['Plot'], text: string) {
  return Plot.text([text], {
    frameAnchor: 'top-left',
    dx: -marginLeft,
    dy: 8 - titleHeight,
    fontWeight: 600,
    text: (line: string) => line,
  });
}

/** Names left of the rows; of a long one the beginning. */
export function rowNames<Row extends { readonly key: string }>(
  Plot: Drawing['Plot'],
  rows: readonly Row[],
  name: keyof Row & string,
  more: { readonly dy?: number; readonly fontWeight?: number } = {},
) {
  return Plot.text(rows, {
    frameAnchor: 'left',
    y: 'key',
    text: name,
    textAnchor: 'end',
    dx: -8,
    ...more,
    lineWidth: 9,
    textOverflow: 'ellipsis',
  });
}
