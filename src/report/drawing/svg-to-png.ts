import { checkKnownOptions, checkNumber } from '../../support/check.js';
import { missingPeer } from '../../support/missing-peer.js';
import { standalone } from './standalone-svg.js';

/**
 * A figure as the bytes of a PNG file: drawn by the browser where there is one, by sharp in Node.
 *
 * Letters come from the fonts at hand, so pictures of two machines may differ.
 *
 * @param svg what a function of `figures` returned.
 * @returns the file's bytes.
 * @throws INVALID_OPTION, UNKNOWN_OPTION, MISSING_PEER for 'sharp'
 * @example
 * await writeFile('roc.png', await svgToPng(await figures.roc({ curves }), { scale: 3 }));
 */
export async function svgToPng(
  svg: string,
  options: {
    /** Dark ink on light paper, or the reverse. @defaultValue 'light' */
    readonly scheme?: 'light' | 'dark';
    /** Pixels of the picture per pixel of the figure, up to 10. @defaultValue 2 */
    readonly scale?: number;
  } = {},
): Promise<Uint8Array> {
  checkKnownOptions('svgToPng', options, ['scheme', 'scale']);
  const { scale = 2, ...look } = options;
  checkNumber('svgToPng', 'scale', scale, { above: 0, max: 10 });
  const source = standalone('svgToPng', svg, look);
  return typeof document === 'undefined' ? bySharp(source, scale) : byBrowser(source, scale);
}

async function bySharp(source: string, scale: number): Promise<Uint8Array> {
  // A name that bundlers do not follow: in a page it is never loaded.
  const name = 'sharp' as string;
  const { default: sharp } = (await import(/* @vite-ignore */ /* webpackIgnore: true */ name).catch(
    missingPeer('svgToPng', 'sharp'),
  )) as typeof import('sharp');
  const density = 72 * scale;
  return new Uint8Array(
    await sharp(new TextEncoder().encode(source), { density }).png().toBuffer(),
  );
}

async function byBrowser(source: string, scale: number): Promise<Uint8Array> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(source)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(image.width * scale);
  canvas.height = Math.round(image.height * scale);
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'));
  return new Uint8Array((await blob?.arrayBuffer()) ?? []);
}
