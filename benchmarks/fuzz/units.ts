import type { Seed } from './seeds.js';

/** A piece of a file that stands for itself: an element, chunk, segment or tag. */
export interface Unit {
  readonly start: number;
  readonly end: number;
  /** Where its length is written, where it is. */
  readonly length?: { readonly at: number; readonly bytes: 2 | 4; readonly littleEndian: boolean };
}

/** The units of a whole file; of a damaged one as many as can be found. */
export function unitsOf(kind: Seed['kind'], bytes: Uint8Array): Unit[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const units: Unit[] = [];
  try {
    READERS[kind](view, units);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return units.filter(({ start, end }) => end > start && end <= bytes.length);
}

const READERS: Record<Seed['kind'], (view: DataView, units: Unit[]) => void> = {
  png(view, units) {
    for (let at = 8; at < view.byteLength; ) {
      const end = at + 12 + view.getUint32(at);
      units.push({ start: at, end, length: { at, bytes: 4, littleEndian: false } });
      at = end;
    }
  },
  webp(view, units) {
    for (let at = 12; at < view.byteLength; ) {
      const size = view.getUint32(at + 4, true);
      const end = at + 8 + size + (size % 2);
      units.push({ start: at, end, length: { at: at + 4, bytes: 4, littleEndian: true } });
      at = end;
    }
  },
  jpeg(view, units) {
    for (let at = 2; at < view.byteLength; ) {
      const marker = view.getUint8(at + 1);
      if (view.getUint8(at) !== 0xff || marker === 0xd9) break;
      let end = at + 2 + view.getUint16(at + 2);
      units.push({ start: at, end, length: { at: at + 2, bytes: 2, littleEndian: false } });
      // What follows the header of a scan goes on to the next marker that is none within a scan.
      while (marker === 0xda && !endsScan(view, end)) end++;
      at = end;
    }
  },
  tiff(view, units) {
    const littleEndian = view.getUint8(0) === 0x49;
    // Damaged directories can follow one another in a circle.
    for (let at = view.getUint32(4, littleEndian); at > 0 && units.length < 1000; ) {
      const count = view.getUint16(at, littleEndian);
      for (let i = 0; i < count; i++) {
        const start = at + 2 + 12 * i;
        units.push({ start, end: start + 12, length: { at: start + 4, bytes: 4, littleEndian } });
      }
      at = view.getUint32(at + 2 + 12 * count, littleEndian);
    }
  },
  dicom(view, units) {
    const marked = view.getUint32(128) === 0x4449434d;
    const head = String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset, 400));
    const is = (uid: string) => head.includes(`${uid}\0`) || head.includes(`${uid} `);
    const implicit = is('1.2.840.10008.1.2');
    const first = marked ? 132 : 0;
    // A file without a header begins with group 0008.
    const bigEndian = is('1.2.840.10008.1.2.2') || view.getUint16(first) === 8;
    for (let at = first; at + 8 <= view.byteLength; ) {
      const header = view.getUint16(at, true) === 2;
      const littleEndian = header || !bigEndian;
      const delimiter = view.getUint16(at, littleEndian) === 0xfffe;
      const named = /^[A-Z]{2}$/.test(vrAt(view, at + 4));
      const explicit = named && !delimiter && (header || !implicit);
      const long = explicit && /OB|OW|OF|OD|OL|OV|SQ|SV|UN|UT|UC|UR|UV/.test(vrAt(view, at + 4));
      const bytes = explicit && !long ? 2 : 4;
      const lengthAt = at + (long ? 8 : explicit ? 6 : 4);
      const length =
        bytes === 2
          ? view.getUint16(lengthAt, littleEndian)
          : view.getUint32(lengthAt, littleEndian);
      // Of undefined length: what is within comes next.
      const end = lengthAt + bytes + (length === 0xffffffff ? 0 : length);
      units.push({ start: at, end, length: { at: lengthAt, bytes, littleEndian } });
      at = end;
    }
  },
};

function endsScan(view: DataView, at: number): boolean {
  if (view.getUint8(at) !== 0xff) return false;
  const next = view.getUint8(at + 1);
  return next !== 0 && (next < 0xd0 || next > 0xd7);
}

function vrAt(view: DataView, at: number): string {
  return String.fromCharCode(view.getUint8(at), view.getUint8(at + 1));
}
