import { isSaladError, type SaladError } from '../support/errors.js';
import {
  type Element,
  type ElementReader,
  type Encoding,
  encodingWithin,
  type Item,
} from './elements.js';

/** No text that is read is that long. */
const LONGEST_TEXT = 65535;

/**
 * The elements of a file, or of an item in it, and their values. Tags are written as 'x00280010'.
 *
 * A value is undefined where its element is missing or too short.
 */
export class DataSet {
  private readonly elements = new Map<number, Element>();
  readonly bigEndian: boolean;
  /** Why reading ended before the data set did; what stands before that is there. */
  readonly problem?: SaladError;
  private readonly encoding: Encoding;

  constructor(
    private readonly reader: ElementReader,
    from: number,
    end: number,
    encoding: Encoding,
  ) {
    this.encoding = reader.encodingAt(from, encoding);
    this.bigEndian = encoding.bigEndian;
    try {
      for (let at = from; at < end; ) {
        const element = reader.element(at, end, this.encoding);
        this.elements.set(element.tag, element);
        at = element.next;
      }
    } catch (thrown) {
      if (!isSaladError(thrown) || thrown.code === 'IMAGE_TOO_LARGE') throw thrown;
      this.problem = thrown;
    }
  }

  /** The last of its tag. */
  element(tag: string): Element | undefined {
    return this.elements.get(Number.parseInt(tag.slice(1), 16));
  }

  /** The whole file. */
  get byteArray(): Uint8Array {
    return this.reader.bytes;
  }

  /** The value as it is stored, of any kind; an empty one where the element is missing. */
  bytes(tag: string): Uint8Array {
    const { dataOffset = 0, length = 0 } = this.element(tag) ?? {};
    return this.byteArray.slice(dataOffset, dataOffset + length);
  }

  uint16(tag: string, index = 0): number | undefined {
    const at = this.placeOf(tag, index, 2);
    return at === undefined ? undefined : this.reader.view.getUint16(at, !this.bigEndian);
  }

  int16(tag: string, index = 0): number | undefined {
    const at = this.placeOf(tag, index, 2);
    return at === undefined ? undefined : this.reader.view.getInt16(at, !this.bigEndian);
  }

  /** Rounded above 2^53. */
  uint64(tag: string, index = 0): number | undefined {
    const at = this.placeOf(tag, index, 8);
    return at === undefined
      ? undefined
      : Number(this.reader.view.getBigUint64(at, !this.bigEndian));
  }

  /**
   * The text up to the first NUL, without blanks around it; a character for each byte.
   *
   * @param index which of the values between backslashes; without it all of them
   */
  string(tag: string, index?: number): string | undefined {
    const element = this.element(tag);
    if (!element || element.length === 0) return undefined;
    const text = textAt(this.byteArray, element);
    return (index === undefined ? text : text.split('\\')[index])?.trim();
  }

  /** The whole numbers of 4 bytes that an item has in place of elements. */
  uint32sIn({ dataOffset, length }: Item): number[] {
    return Array.from({ length: Math.floor(length / 4) }, (_, i) =>
      this.reader.view.getUint32(dataOffset + 4 * i, !this.bigEndian),
    );
  }

  /** The items of a sequence, or the fragments of coded pixels. */
  places(element: Element): Item[] {
    return this.reader.items(element, this.encoding);
  }

  /** The data sets of a sequence; undefined where the element is none. @throws IMAGE_TOO_LARGE */
  items(tag: string): DataSet[] | undefined {
    const element = this.element(tag);
    if (!element) return undefined;
    const encoding = encodingWithin(element, this.encoding);
    try {
      return this.places(element).map(
        ({ dataOffset, length }) =>
          new DataSet(this.reader, dataOffset, dataOffset + length, encoding),
      );
    } catch (thrown) {
      if (!isSaladError(thrown) || thrown.code === 'IMAGE_TOO_LARGE') throw thrown;
      return undefined;
    }
  }

  private placeOf(tag: string, index: number, size: number): number | undefined {
    const element = this.element(tag);
    if (!element || (index + 1) * size > element.length) return undefined;
    return element.dataOffset + index * size;
  }
}

/** The text of an element up to the first NUL, a character for each byte. */
export function textAt(bytes: Uint8Array, { dataOffset, length }: Element): string {
  const end = dataOffset + Math.min(length, LONGEST_TEXT);
  let text = '';
  for (let at = dataOffset; at < end && bytes[at] !== 0; at++)
    text += String.fromCharCode(bytes[at]);
  return text;
}
