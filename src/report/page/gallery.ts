import { checkObjects } from '../../support/check.js';
import { checkHasLists } from '../../support/check-kinds.js';
import { formatNumber, labelName } from '../content/format.js';
import type { GalleryItem, ReportImage, ReportInput } from '../content/report-input.js';
import { galleryStyle } from './gallery-style.js';
import { imageTiles } from './image-tile.js';
import { mapScale } from './map-scale.js';
import { html, type Markup, trusted } from './markup.js';

/** Longer side of a picture in the gallery, in pixels; larger ones are shown whole on a click. */
const SMALL = 320;
const SMALLER = 128;
/** Pixels of all whole pictures of a page: some tens of megabytes of text at most. The first films have theirs. */
const MOST_WHOLE_PIXELS = 48e6;

/**
 * Lays out test images, each with its score, its label and its nearest training images.
 *
 * A picture of more than 320 pixels a side is shown small; a click on it, or Enter, shows it whole, without a script. Whole pictures have 48 million
 * pixels at most together: those of later images are left out, which the page says.
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
  const filled = groups.filter((group) => group.items.length > 0);
  const items = [...new Set(filled.flatMap((group) => group.items))];
  const tiles = await tilesOf(items);
  const mapped = items.some(({ map }) => map !== undefined);
  const [{ mapTop } = { mapTop: undefined }] = filled;
  return html`<div class="salad-gallery"><style>${trusted(galleryStyle)}</style>${mapped && mapTop !== undefined ? mapScale(mapTop) : undefined}${
    tiles.left > 0
      ? html`<p>${tiles.left} of the pictures are shown small alone: the page would be too large.</p>`
      : undefined
  }${filled.map(
    ({ title, items }, group) => html`
<section><h3>${title}</h3><ul>${items.map((item, i) => entry(item, tiles, `film-${group + 1}-${i + 1}`))}</ul></section>`,
  )}</div>`.text;
}

interface Tiles {
  readonly small: ReadonlyMap<ReportImage, string>;
  readonly whole: ReadonlyMap<ReportImage, string>;
  /** Images that are larger than they are shown, and not there whole. */
  readonly left: number;
}

async function tilesOf(items: readonly GalleryItem[]): Promise<Tiles> {
  const small = new Map<ReportImage, string>();
  const whole = new Map<ReportImage, string>();
  let [pixels, left] = [0, 0];
  for (const { image, map, nearest = [] } of items) {
    const shown: [ReportImage, number][] = [
      [image, SMALL],
      ...(map ? [[map, SMALL] as [ReportImage, number]] : []),
      ...nearest.map((near): [ReportImage, number] => [near.image, SMALLER]),
    ];
    const tiles = await imageTiles(
      shown.map(([one]) => one),
      shown.map(([, side]) => side),
    );
    shown.forEach(([one], i) => {
      small.set(one, tiles[i]);
    });
    if (Math.max(image.height, image.width) <= SMALL) continue;
    pixels += image.height * image.width;
    if (pixels > MOST_WHOLE_PIXELS) left++;
    else whole.set(image, (await imageTiles([image]))[0]);
  }
  return { small, whole, left };
}

function entry(item: GalleryItem, { small, whole }: Tiles, at: string): Markup {
  const { id, score, label, flagged, image, map, nearest = [] } = item;
  const said = [
    label === undefined ? undefined : labelName(label),
    flagged === undefined ? undefined : flagged ? 'flagged' : 'not flagged',
  ];
  const alternative = [
    `Test image ${id}, score ${formatNumber(score)}`,
    ...said.filter(Boolean),
  ].join(', ');
  const picture = html`<img src="${small.get(image)}" width="${image.width}" height="${image.height}" alt="${alternative}">`;
  const large = whole.get(image);
  return html`
<li class="${map ? 'mapped' : 'plain'}${flagged ? ' is-flagged' : ''}" id="${at}"><figure>
${large ? html`<a class="open" href="#${at}-whole" title="Show it whole">${picture}</a>` : picture}${map ? html`<img src="${small.get(map)}" width="${map.width}" height="${map.height}" alt="Map of where the score of ${id} comes from">` : undefined}
<figcaption><strong>${formatNumber(score)}</strong> ${flagged ? html`<span class="flag">flagged</span> ` : undefined}${tag(label)}<span class="id">${id}</span></figcaption>
</figure>${nearest.length > 0 ? html`<ol aria-label="Nearest training images">${nearest.map((near) => neighbor(near, small))}</ol>` : undefined}${
    large
      ? html`<a class="whole" id="${at}-whole" href="#${at}" aria-label="Close ${id}"><img loading="lazy" src="${large}" width="${image.width}" height="${image.height}" alt="${alternative}, whole"></a>`
      : undefined
  }</li>`;
}

function neighbor(
  near: NonNullable<GalleryItem['nearest']>[number],
  small: Tiles['small'],
): Markup {
  const { id, angleInDegrees, label, image } = near;
  const degrees = `${angleInDegrees.toFixed(1)}°`;
  return html`
<li><img src="${small.get(image)}" width="${image.width}" height="${image.height}" alt="Training image ${id}, ${degrees} away" title="${id}">
<span>${degrees}</span>${tag(label)}</li>`;
}

/** The word carries the class; the dot only repeats it, so nothing rests on colour alone. */
function tag(label: number | undefined): Markup | undefined {
  if (label === undefined) return undefined;
  return html`<span class="label ${labelName(label)}">${labelName(label)}</span>`;
}
