/**
 * Draws preprocessing.png (each stage on drawn films and on films of NIH ChestX-ray14) and
 * augmentation.png (a contact sheet).
 *
 *   npx tsx docs/images/preprocessing.ts
 *
 * The films are the first of examples/data/nih-cxr that are cropped, and then the first that are not.
 */
import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { chestAugmentation } from 'salad-ad/data';
import { type Carrier, openCv, preprocessXray, stages } from 'salad-ad/preprocessing';
import { figures } from 'salad-ad/report';
import sharp from 'sharp';
import { type DrawnFilm, drawnFilm } from '../../test/support/drawn-films.js';

type Film = DrawnFilm['image'];
const cv = await openCv();
const TILE = 170;
const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));

async function read(file: string): Promise<Film> {
  const { data, info } = await sharp(file).greyscale().raw().toBuffer({ resolveWithObject: true });
  return { pixels: new Uint8Array(data), shape: [info.height, info.width, 1] };
}

/** A picture in a square, with lines over it. */
async function tile(
  { pixels, shape: [height, width] }: Film,
  corners?: Carrier['corners'],
): Promise<string> {
  const scale = TILE / Math.max(width, height);
  const [left, top] = [(TILE - width * scale) / 2, (TILE - height * scale) / 2];
  const raw = { width, height, channels: 1 as const };
  const png = await sharp(Uint8Array.from(pixels), { raw }).png().toBuffer();
  const outline = corners
    ?.map(([x, y]) => `${left + (x + 0.5) * scale},${top + (y + 0.5) * scale}`)
    .join(' ');
  return `<rect width="${TILE}" height="${TILE}" fill="#48607c"/>
<image x="${left}" y="${top}" width="${width * scale}" height="${height * scale}" href="data:image/png;base64,${png.toString('base64')}"/>
${outline ? `<polygon points="${outline}" fill="none" stroke="#ff7a1a" stroke-width="2"/>` : ''}`;
}

/** The film, dark and blue where the mask leaves it out. */
function overlay({ pixels, shape }: Film, mask: Uint8Array): Film {
  return { pixels: pixels.map((level, i) => (mask[i] ? 55 + 0.78 * level : 0.35 * level)), shape };
}

async function row(name: string, film: Film): Promise<{ cells: string[]; words: string }> {
  const found = stages.detectCarrier(cv, film);
  const off = { inversion: false, contrast: false, mask: false, size: false } as const;
  const cropped = await preprocessXray({ ...off, cv })(film);
  const sign = await preprocessXray({ ...off, cv, inversion: { turn: true } })(film);
  const all = await preprocessXray({ cv, inversion: { turn: true } })(film);
  const mask = all.mask ?? new Uint8Array();
  const cells = await Promise.all([
    tile(film, found?.corners),
    tile(cropped),
    tile(sign),
    tile({ pixels: mask, shape: all.shape }),
    tile(overlay(all, mask)),
  ]);
  return { cells, words: `${name}: ${all.quality.flags.join(', ') || 'no flag'}` };
}

const folder = fileURLToPath(new URL('../../examples/data/nih-cxr/images/', import.meta.url));
const films: [boolean, string, Film][] = [];
for (const file of (await readdir(folder)).sort()) {
  const film = await read(folder + file);
  films.push([stages.detectCarrier(cv, film) !== undefined, `NIH ${file}`, film]);
  if (films.filter(([cropped]) => cropped).length >= 2 && films.length > 6) break;
}
const chosen = [
  ...films.filter(([cropped]) => cropped).slice(0, 2),
  ...films.filter(([cropped]) => !cropped).slice(0, 1),
];
const rows = [
  await row('drawn hand', drawnFilm('hand', 'markers', 1).image),
  await row('drawn shoulder, a negative', drawnFilm('shoulder', 'scan inverted', 2).image),
  await row('drawn forearm, film out of frame', drawnFilm('forearm', 'film out of frame', 2).image),
  ...(await Promise.all(chosen.map(([, name, film]) => row(name, film)))),
];
const [stepX, stepY] = [TILE + 8, TILE + 28];
const heads = ['carrier', 'crop', 'positive', 'mask', 'what counts'];
const [width, height] = [5 * stepX + 8, 24 + rows.length * stepY];
const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="sans-serif" font-size="13">
<rect width="100%" height="100%" fill="white"/>
${heads.map((head, i) => `<text x="${8 + i * stepX}" y="17">${head}</text>`).join('')}
${rows
  .flatMap(({ cells, words }, r) => [
    ...cells.map(
      (cell, i) => `<g transform="translate(${8 + i * stepX},${24 + r * stepY})">${cell}</g>`,
    ),
    `<text x="8" y="${24 + r * stepY + TILE + 16}">${words}</text>`,
  ])
  .join('\n')}</svg>`;
await sharp(Buffer.from(svg)).png({ palette: true, colours: 64 }).toFile(here('preprocessing.png'));

const sheet = await figures.contactSheet({
  image: chosen[0][2],
  augmentation: {
    ...chestAugmentation,
    brightness: 0.1,
    contrast: 0.3,
    noise: 0.05,
    horizontalFlip: true,
  },
  epochs: 6,
});
await sharp(Buffer.from(sheet))
  .flatten({ background: 'white' })
  .png({ palette: true, colours: 64 })
  .toFile(here('augmentation.png'));
