import { imageProblem } from './image-problem.js';

/** The bytes of a file, to read its header from; reading beyond the end throws IMAGE_TRUNCATED. */
export class FileBytes {
  readonly length: number;

  /**
   * @param where the decoder, for errors
   * @param littleEndian whether the low byte of a number comes first
   */
  constructor(
    readonly where: string,
    readonly bytes: Uint8Array,
    readonly littleEndian = false,
  ) {
    this.length = bytes.length;
  }

  /** The whole number that stands in 1 to 4 bytes. */
  uint(at: number, size: number): number {
    this.reach(at + size);
    let value = 0;
    for (let i = 0; i < size; i++)
      value = 256 * value + this.bytes[this.littleEndian ? at + size - 1 - i : at + i];
    return value;
  }

  /** @throws IMAGE_TRUNCATED unless the file has bytes up to `end` */
  reach(end: number): void {
    if (end <= this.length) return;
    throw imageProblem(
      'IMAGE_TRUNCATED',
      this.where,
      `the file ends after ${this.length} bytes, within its image`,
      'expected a whole file; fetch it again',
      { length: this.length },
    );
  }

  invalid(found: string) {
    const remedy = 'expected a whole file as the format has it; the file is damaged';
    return imageProblem('IMAGE_INVALID', this.where, found, remedy);
  }

  unsupported(found: string, remedy: string) {
    return imageProblem('IMAGE_UNSUPPORTED', this.where, found, remedy);
  }
}
