/** What stands in a file before its pixels. */
export interface ImageHeader {
  readonly height: number;
  readonly width: number;
  /** 1 where the format itself says grey, else 3. */
  readonly channels: 1 | 3;
  /** Bits of one channel of one pixel. */
  readonly bits: number;
}
