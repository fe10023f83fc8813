import {
  type Augmentation,
  augmentFor,
  checkAugmentation,
  noAugmentation,
} from '../../images/augmentation.js';
import { type ImageBatch, imageCount, toUnitRange } from '../../images/pixels.js';
import { check, checkNumber } from '../../support/check.js';
import { checkHasLists } from '../../support/check-kinds.js';
import { RandomStream } from '../../support/random.js';
import { imageTiles } from './image-tile.js';
import { html } from './markup.js';

const TILE = 96;
const GAP = 6;
const LABEL = 110;

/**
 * One image as the first epochs of a training run would see it: as it is, varied by all options together,
 * then by each alone.
 *
 * The draws are those of the run with this seed. Brightness, contrast and noise are shown on the image in
 * [0, 1], before any normalisation; a model applies them after it, in units of the normalised image.
 *
 * @returns the source of an SVG with its pictures inside
 * @throws INVALID_IMAGES, INVALID_OPTION, UNKNOWN_OPTION, SHAPE_MISMATCH, PIXEL_RANGE, MISSING_PEER
 * @example
 * const image = { pixels: new Uint8Array(64 * 64), shape: [64, 64, 1] as const };
 * const svg = await figures.contactSheet({ image, augmentation: { shift: 0.06, rotation: 8 } });
 */
export async function contactSheet(input: {
  /** One image, as a source reads it, of 1 or 3 channels. */
  readonly image: Pick<ImageBatch, 'pixels' | 'shape' | 'bitsStored'>;
  /** Limits as a model is given them. */
  readonly augmentation: Partial<Augmentation>;
  /** Of the model. @defaultValue 0 */
  readonly seed?: number;
  /** The image's index in the training source. @defaultValue 0 */
  readonly row?: number;
  /** Views in a line, those of epoch 0, 1, ...; up to 64. @defaultValue 8 */
  readonly epochs?: number;
}): Promise<string> {
  const { image, augmentation, seed = 0, row = 0, epochs = 8 } = input ?? {};
  const where = 'figures.contactSheet';
  checkHasLists(where, 'image', image, ['pixels', 'shape']);
  checkAugmentation(where, augmentation);
  checkNumber(where, 'epochs', epochs, { min: 1, max: 64, integer: true });
  const [height, width, channels] = image.shape;
  const count = imageCount(where, image);
  check(
    count === 1 && (channels === 1 || channels === 3),
    'INVALID_IMAGES',
    () =>
      `${where}: got ${count} images of ${channels} channels; expected one image of 1 or 3 channels.`,
  );
  const values = toUnitRange(image);
  const view = (limits: Partial<Augmentation>, epoch: number) => {
    const stream = () => new RandomStream(seed, ['augment', epoch, row]);
    return augmentFor(where, values, [1, height, width, channels], stream, limits);
  };
  const on = Object.entries(augmentation).filter(([, limit]) => limit);
  const lines: [name: string, limits: Partial<Augmentation>][] = [
    ...(on.length > 1 ? [['all together', augmentation] as [string, Partial<Augmentation>]] : []),
    ...on.map(([name, limit]): [string, Partial<Augmentation>] => [
      `${name}${limit === true ? '' : ` ${limit}`}`,
      { ...noAugmentation, [name]: limit },
    ]),
  ];
  const views = lines.flatMap(([, limits]) =>
    Array.from({ length: epochs }, (_, epoch) => view(limits, epoch)),
  );
  const tiles = await imageTiles(
    [values, ...views].map((pixels) => ({
      pixels: pixels.map((value) => 255 * Math.min(Math.max(value, 0), 1)),
      height,
      width,
      channels: channels as 1 | 3,
    })),
  );
  const step = TILE + GAP;
  const tileHeight = Math.round((TILE * height) / width);
  const top = (line: number) => line * (tileHeight + GAP) + GAP;
  const size = { width: LABEL + epochs * step, height: top(lines.length + 1) };
  const picture = (href: string, column: number, line: number) =>
    html`<image href="${href}" x="${LABEL + column * step}" y="${top(line)}" width="${TILE}" height="${tileHeight}"/>`;
  const label = (text: string, line: number) =>
    html`<text x="${GAP}" y="${top(line) + tileHeight / 2}" dominant-baseline="middle">${text}</text>`;
  return html`<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="Contact sheet of the augmentation" width="${size.width}" height="${size.height}" viewBox="0 0 ${size.width} ${size.height}" fill="currentColor" font-family="system-ui, sans-serif" font-size="12">
${label('as it is', 0)}${picture(tiles[0], 0, 0)}
${lines.map(([name], i) => [
  label(name, i + 1),
  ...Array.from({ length: epochs }, (_, epoch) =>
    picture(tiles[1 + i * epochs + epoch], epoch, i + 1),
  ),
])}</svg>`.text;
}
