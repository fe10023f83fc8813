import { imageProblem } from './image-problem.js';

/** The bytes of a file, to read its header from; reading beyond the end throws IMAGE_TRUNCATED. */
export class FileBytes {
  readonly length: number;
  private readonly view: DataView;

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
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  uint8(at: number): number {
    this.reach(at + 1);
    return this.view.getUint8(at);
  }

  uint16(at: number): number {
    this.reach(at + 2);
    return this.view.getUint16(at, this.littleEndian);
  }

  uint24(at: number): number {
    const [low, high] = this.littleEndian ? [at, at + 2] : [at + 2, at];
    return this.uint8(low) + 256 * this.uint8(at + 1) + 65536 * this.uint8(high);
  }

  uint32(at: number): number {
    this.reach(at + 4);
    return this.view.getUint32(at, this.littleEndian);
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
