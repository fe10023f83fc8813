import { checkObjects } from '../../support/check.js';
import { checkHasLists } from '../../support/check-kinds.js';
import { formatNumber, labelName } from '../content/format.js';
import type { GalleryItem, ReportInput } from '../content/report-input.js';
import { palette } from '../drawing/palette.js';
import { imageTiles } from './image-tile.js';
import { html, type Markup, trusted } from './markup.js';

/**
 * Lays out test images, each with its score, its label and its nearest training images.
 *
 * @param groups images under headings, in the order they are shown.
 * @returns HTML with the style it needs and every picture inside it; ids are escaped.
 * @throws INVALID_OPTION, INVALID_IMAGES, MISSING_PEER
 * @example
 * const image = { pixels: new Uint8Array(64 * 64), height: 64, width: 64 };
 * const markup = await figures.gallery([{ title: 'Most anomalous', items: [{ id: 'a', score: 0.9, label: 1, image }] }]);
 */
export async function galleryFigure(groups: NonNullable<ReportInput['gallery']>): Promise<string> {
  checkObjects('figures.gallery', 'groups', groups, 'a group of galleryOf');
  groups.forEach((group, i) => {
    checkHasLists('figures.gallery', `groups[${i}]`, group, ['items']);
  });
  const items = groups.flatMap((group) => group.items);
  const images = items.flatMap(({ image, map, nearest = [] }) => [
    image,
    ...(map ? [map] : []),
    ...nearest.map((near) => near.image),
  ]);
  const tiles = await imageTiles(images);
  const tileOf = new Map(images.map((image, i) => [image, tiles[i]]));
  const filled = groups.filter((group) => group.items.length > 0);
  return html`<div class="salad-gallery"><style>${trusted(style)}</style>${filled.map(
    ({ title, items }) => html`
<section><h3>${title}</h3><ul>${items.map((item) => entry(item, tileOf))}</ul></section>`,
  )}</div>`.text;
}

type Tiles = ReadonlyMap<GalleryItem['image'], string>;

function entry(item: GalleryItem, tileOf: Tiles): Markup {
  const { id, score, label, image, map, nearest = [] } = item;
  const name = label === undefined ? undefined : labelName(label);
  const alternative = `Test image ${id}, score ${formatNumber(score)}${name ? `, ${name}` : ''}`;
  return html`
<li${map ? html` class="mapped"` : undefined}><figure>
<img src="${tileOf.get(image)}" width="${image.width}" height="${image.height}" alt="${alternative}">${map ? html`<img src="${tileOf.get(map)}" width="${map.width}" height="${map.height}" alt="Map of where the score of ${id} comes from">` : undefined}
<figcaption><strong>${formatNumber(score)}</strong> ${tag(label)}<span class="id">${id}</span></figcaption>
</figure>${nearest.length > 0 ? html`<ol aria-label="Nearest training images">${nearest.map((near) => neighbor(near, tileOf))}</ol>` : undefined}</li>`;
}

function neighbor(near: NonNullable<GalleryItem['nearest']>[number], tileOf: Tiles): Markup {
  const { id, angleInDegrees, label, image } = near;
  const degrees = `${angleInDegrees.toFixed(1)}°`;
  return html`
<li><img src="${tileOf.get(image)}" width="${image.width}" height="${image.height}" alt="Training image ${id}, ${degrees} away" title="${id}">
<span>${degrees}</span>${tag(label)}</li>`;
}

/** The word carries the class; the dot only repeats it, so nothing rests on colour alone. */
function tag(label: number | undefined): Markup | undefined {
  if (label === undefined) return undefined;
  return html`<span class="label ${labelName(label)}">${labelName(label)}</span>`;
}

const style = `
.salad-gallery ul, .salad-gallery ol { list-style: none; margin: 0; padding: 0; }
.salad-gallery ul { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 20rem), 1fr)); gap: 1.75rem 2rem; }
.salad-gallery ul > li { display: grid; grid-template-columns: 9rem 1fr; gap: .75rem; align-items: start; }
.salad-gallery figure { margin: 0; }
.salad-gallery ul > li.mapped { grid-template-columns: 1fr; gap: .6rem; }
.salad-gallery .mapped figure { display: grid; grid-template-columns: 1fr 1fr; gap: .4rem; }
.salad-gallery .mapped figcaption { grid-column: 1 / -1; margin-top: .1rem; }
.salad-gallery .mapped ol { display: flex; flex-wrap: wrap; gap: .4rem; }
.salad-gallery .mapped ol li { flex: 1 1 3.25rem; max-width: 5.5rem; }
.salad-gallery img { display: block; width: 100%; height: auto; border-radius: 3px; background: #000; }
.salad-gallery figcaption { margin-top: .4rem; line-height: 1.35; font-size: .875rem; font-variant-numeric: tabular-nums; }
.salad-gallery .id { display: block; font-size: .75rem; overflow-wrap: anywhere; opacity: .75; }
.salad-gallery ol { display: grid; grid-template-columns: repeat(auto-fill, minmax(3.25rem, 1fr)); gap: .5rem .4rem; font-size: .75rem; line-height: 1.35; font-variant-numeric: tabular-nums; }
.salad-gallery ol span { display: block; }
.salad-gallery .label { white-space: nowrap; }
.salad-gallery .label::before { content: ""; display: inline-block; width: .6em; height: .6em; margin-right: .35em; border-radius: 50%; }
.salad-gallery .normal::before { background: ${palette.normal}; }
.salad-gallery .abnormal::before { background: ${palette.abnormal}; border-radius: 0; }
`;
