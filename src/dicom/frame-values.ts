import type { CodecName, Codecs } from './codecs.js';
import { checkCodedFrame } from './coded-header.js';
import type { DataSet } from './data-set.js';
import type { Element } from './elements.js';
import { codedFrame, nativeFrame } from './frame-bytes.js';
import type { ImageDescription, Photometric } from './image-description.js';
import { type ParsedFile, PIXEL_DATA } from './parse-file.js';
import { decodeRunLengths } from './run-lengths.js';
import {
  holdToStoredBits,
  interleaved,
  type StoredValues,
  storedValues,
  unsupportedColour,
  wordsOf,
} from './stored-values.js';
import type { TransferSyntax } from './transfer-syntax.js';

/** What codecs turn into red, green and blue themselves; in the other codings colour is not read. */
const DECODED_COLOUR: Partial<Record<CodecName, readonly Photometric[]>> = {
  jpeg: ['YBR_FULL', 'YBR_FULL_422'],
  'jpeg-2000': ['RGB', 'YBR_ICT', 'YBR_RCT'],
};

/**
 * The stored values of one frame: grey, or red, green and blue pixel by pixel.
 *
 * @throws IMAGE_TRUNCATED, IMAGE_INVALID, IMAGE_UNSUPPORTED, MISSING_PEER
 */
export async function frameValues(
  { dataSet, syntax }: ParsedFile,
  description: ImageDescription,
  frame: number,
  codecs: Codecs,
): Promise<StoredValues> {
  const { samples, photometric } = description;
  if (syntax.coding === 'native' || syntax.coding === 'rle') {
    const cells =
      syntax.coding === 'native'
        ? nativeCells(dataSet, syntax, description, frame)
        : runLengthCells(dataSet, description, frame);
    if (samples === 1 || cells instanceof Uint16Array) return storedValues(cells, description);
    if (photometric !== 'RGB' && photometric !== 'YBR_FULL')
      return unsupportedColour(photometric, syntax.name);
    const planar = syntax.coding === 'rle' || description.planar;
    return interleaved(cells, planar, photometric === 'YBR_FULL');
  }
  if (samples === 3 && !DECODED_COLOUR[syntax.coding]?.includes(photometric))
    return unsupportedColour(photometric, syntax.name);
  const coded = codedFrame(dataSet, description, frame);
  const { code, header } = checkCodedFrame(syntax.coding, coded, description);
  const cells = await codecs.decode(syntax.coding, code, header);
  // Codecs give values, not cells: HighBit counts only where they have more bits than are stored.
  const { bitsStored } = description;
  const highBit = header.precision > bitsStored ? description.highBit : bitsStored - 1;
  if (!hasOverlayBits(dataSet)) holdToStoredBits(cells, { ...description, highBit });
  return storedValues(cells, { ...description, highBit });
}

/** Old files have overlays in bits above those of the pixels: planes without data of their own. */
function hasOverlayBits(dataSet: DataSet): boolean {
  return Array.from({ length: 256 }, (_, i) => `x${(0x6000 + i).toString(16)}`).some(
    (group) => dataSet.element(`${group}0010`) && !dataSet.element(`${group}3000`),
  );
}

function nativeCells(
  dataSet: DataSet,
  { bigEndian = false }: TransferSyntax,
  description: ImageDescription,
  frame: number,
): Uint8Array | Uint16Array {
  const bytes = nativeFrame(dataSet, description, frame);
  if (description.bitsAllocated === 16) return wordsOf(bytes, bigEndian);
  const { vr, dataOffset } = dataSet.element(PIXEL_DATA) as Element;
  if (!bigEndian || vr !== 'OW') return bytes;
  // Bytes in words of big-endian order stand in pairs the other way round.
  const start = frame * bytes.length;
  return bytes.map((_, i) => dataSet.byteArray[dataOffset + ((start + i) ^ 1)]);
}

function runLengthCells(
  dataSet: DataSet,
  description: ImageDescription,
  frame: number,
): Uint8Array | Uint16Array {
  const { rows, columns, samples, bitsAllocated } = description;
  const size = rows * columns;
  const coded = codedFrame(dataSet, description, frame);
  const planes = decodeRunLengths(coded, size, (samples * bitsAllocated) / 8);
  if (bitsAllocated === 16) {
    const words = new Uint16Array(size);
    for (let i = 0; i < size; i++) words[i] = (planes[0][i] << 8) | planes[1][i];
    return words;
  }
  if (samples === 1) return planes[0];
  const all = new Uint8Array(3 * size);
  for (const [k, plane] of planes.entries()) all.set(plane, k * size);
  return all;
}
