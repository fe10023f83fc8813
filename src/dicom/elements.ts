import { imageProblem } from '../decoding/image-problem.js';
import { type ElementLimits, tooMany } from './element-limits.js';

/** How the elements of a data set are written. */
export interface Encoding {
  /** Whether each element names the kind of its value (value representation). */
  readonly explicit: boolean;
  readonly bigEndian: boolean;
}

/** Where the value of an element lies. */
export interface Element {
  /** Group times 65536 plus element. */
  readonly tag: number;
  /** Kind of the value, such as 'US'; undefined where the file does not name it. */
  readonly vr: string | undefined;
  readonly dataOffset: number;
  /** Bytes of the value; of items up to the delimiter behind them. */
  readonly length: number;
  /** Of undefined length: items, and a delimiter behind them. */
  readonly open: boolean;
  /** Where the next element begins. */
  readonly next: number;
}

/** An item of a sequence, or a fragment of coded pixels. */
export interface Item {
  /** Where its tag stands. */
  readonly at: number;
  readonly dataOffset: number;
  readonly length: number;
}

const ITEM = 0xfffee000;
const ITEM_END = 0xfffee00d;
const SEQUENCE_END = 0xfffee0dd;
const PIXEL_DATA = 0x7fe00010;
const UNDEFINED = 0xffffffff;

/** Kinds with a length of 2 bytes. All others, those to come too, have 2 reserved bytes and a length of 4. */
const SHORT = new Set('AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US'.split(' '));

const IMPLICIT: Encoding = { explicit: false, bigEndian: false };

/**
 * Finds elements and items, each counted before an object is made of it.
 *
 * A sequence that says its length is stepped over unread; one of undefined length is followed to its end.
 *
 * @see DICOM PS3.5, 7.1 (elements), 7.5 (sequences), 6.2.2 (items within an unknown kind, which are implicit).
 */
export class ElementReader {
  readonly view: DataView;
  private count = 0;

  constructor(
    readonly bytes: Uint8Array,
    private readonly limits: ElementLimits,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /**
   * The encoding of the data set at `at`: where its first element names no kind, none does, whatever the file says.
   */
  encodingAt(at: number, encoding: Encoding): Encoding {
    const named = !encoding.explicit || at + 6 > this.bytes.length || isKind(this.kindAt(at + 4));
    return named ? encoding : { ...encoding, explicit: false };
  }

  /**
   * The element at `at`, which must end before `end`.
   *
   * @throws IMAGE_TRUNCATED, IMAGE_INVALID; IMAGE_TOO_LARGE beyond the limits
   */
  element(at: number, end: number, encoding: Encoding, depth = 0): Element {
    this.counted();
    const { bigEndian } = encoding;
    const tag = this.tagAt(at, end, bigEndian);
    // Delimiters, and what stands where only they may, name no kind.
    const vr = encoding.explicit && tag >>> 16 !== 0xfffe ? this.kindAt(at + 4) : undefined;
    const long = vr !== undefined && !SHORT.has(vr) && isKind(vr);
    const dataOffset = at + (long ? 12 : 8);
    if (dataOffset > end) throw this.cut(end, tag);
    const length =
      vr === undefined || long
        ? this.view.getUint32(dataOffset - 4, !bigEndian)
        : this.view.getUint16(at + 6, !bigEndian);
    if (length === UNDEFINED && (long || vr === undefined)) {
      const within = encodingWithin({ vr }, encoding);
      const next = this.endOfItems(dataOffset, end, within, depth + 1);
      return { tag, vr, dataOffset, length: next - 8 - dataOffset, open: true, next };
    }
    const next = dataOffset + length;
    if (next > end) throw this.cut(end, tag);
    return { tag, vr, dataOffset, length, open: false, next };
  }

  /** The items of a sequence, or the fragments of coded pixels, in the encoding of their data set. */
  items(sequence: Element, encoding: Encoding): Item[] {
    const within = encodingWithin(sequence, encoding);
    const end = sequence.dataOffset + sequence.length;
    const items: Item[] = [];
    // What is open was counted when its end was looked for.
    const before = this.count;
    if (sequence.open) this.count = 0;
    for (let at = sequence.dataOffset; at < end; ) {
      const { length, next } = this.item(at, end, within, 1);
      items.push({ at, dataOffset: at + 8, length });
      at = next;
    }
    if (sequence.open) this.count = before;
    return items;
  }

  /** Where the items from `at` on end, behind their delimiter. */
  private endOfItems(from: number, end: number, encoding: Encoding, depth: number): number {
    for (let at = from; ; ) {
      if (this.tagAt(at, end, encoding.bigEndian) === SEQUENCE_END) return at + 8;
      at = this.item(at, end, encoding, depth).next;
    }
  }

  private item(at: number, end: number, encoding: Encoding, depth: number) {
    this.counted();
    const tag = this.tagAt(at, end, encoding.bigEndian);
    if (tag !== ITEM)
      throw invalid('an element stands where an item of a sequence must', 'items in sequences');
    if (depth > this.limits.maxDepth)
      throw tooMany(`sequences lie within sequences, ${depth} deep`, 'maxDepth', this.limits);
    const length = this.view.getUint32(at + 4, !encoding.bigEndian);
    const dataOffset = at + 8;
    if (length !== UNDEFINED) {
      if (dataOffset + length > end) throw this.cut(end, tag);
      return { length, next: dataOffset + length };
    }
    const written = this.encodingAt(dataOffset, encoding);
    let next = dataOffset;
    while (this.tagAt(next, end, encoding.bigEndian) !== ITEM_END)
      next = this.element(next, end, written, depth).next;
    return { length: next - dataOffset, next: next + 8 };
  }

  private counted(): void {
    if (++this.count > this.limits.maxElements)
      throw tooMany(`there are more than ${this.count - 1} elements`, 'maxElements', this.limits);
  }

  private tagAt(at: number, end: number, bigEndian: boolean): number {
    if (at + 8 > end) throw this.cut(end);
    return this.view.getUint16(at, !bigEndian) * 65536 + this.view.getUint16(at + 2, !bigEndian);
  }

  private kindAt(at: number): string {
    return String.fromCharCode(this.bytes[at], this.bytes[at + 1]);
  }

  /**
   * An element that reaches over the end, of the file or only of what it lies in. In a damaged file a tag may be made of a
   * patient's name, so that only the one of pixels is told.
   */
  private cut(end: number, tag?: number) {
    const where = tag === PIXEL_DATA ? 'PixelData' : 'an element';
    return end < this.bytes.length
      ? invalid(
          `${where} reaches over the end of what it lies in`,
          'items that hold their elements',
        )
      : imageProblem(
          'IMAGE_TRUNCATED',
          'dicom',
          `the file ends inside ${where}`,
          'expected a whole DICOM file; fetch it again',
        );
  }
}

/** How what lies within an element is written: within one of unknown kind no kinds are named, in little-endian order. */
export function encodingWithin({ vr }: Pick<Element, 'vr'>, encoding: Encoding): Encoding {
  return vr === 'UN' ? IMPLICIT : encoding;
}

export const isKind = (text: string) => /^[A-Z][A-Z]$/.test(text);

const invalid = (found: string, expected: string) =>
  imageProblem('IMAGE_INVALID', 'dicom', found, `expected ${expected}; the file is damaged`);
