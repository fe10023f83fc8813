import { checkKnownOptions, checkNumber } from '../support/check.js';
import type { InspectedImages } from './inspect-images.js';
import { checkParts, nameOf, type Split } from './split.js';

/**
 * Two images that look nearly the same.
 *
 * @example
 * const [nearest]: readonly NearDuplicate[] = nearDuplicates(split.parts, inspected);
 */
export interface NearDuplicate {
  /** The pair. */
  readonly images: readonly [
    {
      /** The part that it is in. */
      readonly part: string;
      /** Its id, or its path where it has none. */
      readonly name: string;
    },
    {
      /** The part that it is in. */
      readonly part: string;
      /** Its id, or its path where it has none. */
      readonly name: string;
    },
  ];
  /** Number of bits, of 255, in which their hashes differ; 0 for equal images. */
  readonly distance: number;
  /** Whether both are of one patient; absent where a patient is not known. */
  readonly samePatient?: boolean;
}

/** An image's hash is 16 bands of 16 bits. */
const bands = 16;

/**
 * Finds pairs of images that look nearly the same: copies that were recompressed, resized, brightened, or taken twice.
 *
 * A report for a person to look through, not an error. On 3,759 real films of chests and knees no two films of
 * different patients are within 31 bits of each other, while copies saved as JPEG, resized, brighter, with noise or equalised all are.
 * Of copies cropped by 2% a side a tenth are, of those turned by 1 degree a third; mirrored copies are not found.
 *
 * Multi-index hashing: of two hashes within d bits, one of the 16 bands differs in at most floor(d / 16) bits, so only images
 * that share nearly a band are compared.
 *
 * @param parts records by part
 * @param inspected what `inspectImages` returned for them
 * @param options `distance`, `withinParts`
 * @returns nearest first; images that could not be read are in no pair
 * @throws INVALID_OPTION, UNKNOWN_OPTION
 * @see Norouzi et al., Fast search in Hamming space with multi-index hashing, CVPR 2012.
 * @example
 * for (const { images: [a, b], distance } of nearDuplicates(split.parts, inspected))
 *   console.log(`${a.part} ${a.name} ~ ${b.part} ${b.name}: ${distance}`);
 */
export function nearDuplicates(
  parts: Split['parts'],
  inspected: InspectedImages,
  options: {
    /**
     * The largest distance that is reported, in bits of 255, up to 63.
     * @defaultValue 31
     */
    readonly distance?: number;
    /**
     * Whether pairs inside a part are reported too.
     * @defaultValue false
     */
    readonly withinParts?: boolean;
  } = {},
): readonly NearDuplicate[] {
  const where = 'nearDuplicates';
  checkKnownOptions(where, options, { distance: true, withinParts: true });
  const { distance: largest = 31, withinParts = false } = options;
  checkNumber(where, 'distance', largest, { min: 0, max: 63, integer: true });
  checkParts(where, parts);
  const images = Object.entries(parts).flatMap(([part, records]) =>
    records.flatMap((record) => {
      const name = nameOf(record);
      const hash = inspected.get(name)?.appearance;
      return hash ? [{ part, name, patient: record.patient, hash }] : [];
    }),
  );
  const hashes = Uint16Array.from({ length: images.length * bands }, (_, i) => {
    const { hash } = images[Math.floor(i / bands)];
    const digit = 4 * (i % bands);
    return Number.parseInt(hash.slice(digit, digit + 4), 16);
  });
  const found: NearDuplicate[] = [];
  forNearPairs(hashes, largest, (i, j, distance) => {
    const [a, b] = [images[j], images[i]];
    if (a.part === b.part && !withinParts) return;
    const known = a.patient !== undefined && b.patient !== undefined;
    found.push({
      images: [
        { part: a.part, name: a.name },
        { part: b.part, name: b.name },
      ],
      distance,
      ...(known && { samePatient: a.patient === b.patient }),
    });
  });
  return found.sort((a, b) => a.distance - b.distance);
}

/** Calls `visit` once for every pair i > j of hashes that differ in at most `largest` bits. */
function forNearPairs(
  hashes: Uint16Array<ArrayBuffer>,
  largest: number,
  visit: (i: number, j: number, distance: number) => void,
): void {
  const radius = Math.floor(largest / bands);
  const count = hashes.length / bands;
  const words = new Uint32Array(hashes.buffer);
  const changes = Array.from({ length: 65536 }, (_, bits) => bits).filter(
    (bits) => bitCount(bits) <= radius,
  );
  const foundBefore = (i: number, j: number, band: number) => {
    for (let k = 0; k < band; k++)
      if (bitCount(hashes[i * bands + k] ^ hashes[j * bands + k]) <= radius) return true;
    return false;
  };
  for (let band = 0; band < bands; band++) {
    // A chain for each value of the band, through the images before i.
    const last = new Int32Array(65536).fill(-1);
    const before = new Int32Array(count);
    for (let i = 0; i < count; i++) {
      const value = hashes[i * bands + band];
      for (const change of changes)
        for (let j = last[value ^ change]; j >= 0; j = before[j]) {
          const distance = distanceOf(words, i, j, largest);
          if (distance <= largest && !foundBefore(i, j, band)) visit(i, j, distance);
        }
      before[i] = last[value];
      last[value] = i;
    }
  }
}

/** Bits in which two hashes differ, counted no further than beyond `largest`. */
function distanceOf(words: Uint32Array, i: number, j: number, largest: number): number {
  let distance = 0;
  for (let k = 0; k < bands / 2 && distance <= largest; k++)
    distance += bitCount(words[(i * bands) / 2 + k] ^ words[(j * bands) / 2 + k]);
  return distance;
}

/** Ones among 32 bits. */
function bitCount(bits: number): number {
  let count = bits - ((bits >>> 1) & 0x55555555);
  count = (count & 0x33333333) + ((count >>> 2) & 0x33333333);
  return Math.imul((count + (count >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
