/** The codecs have no types of their own; this is what is used of them. */
interface WasmDecoder {
  /** Room for the coded bytes, in the module's memory. */
  getEncodedBuffer(length: number): Uint8Array;
  decode(): void;
  /** A view of the module's memory, valid until the next call. */
  getDecodedBuffer(): Uint8Array | Uint8ClampedArray;
  getFrameInfo(): {
    width: number;
    height: number;
    bitsPerSample: number;
    componentCount: number;
    isSigned?: boolean;
  };
  delete(): void;
}

interface WasmModule {
  readonly HEAPU8: Uint8Array;
  readonly [decoder: string]: unknown;
}

type WasmFactory = (options: {
  print?: (line: string) => void;
  printErr?: (line: string) => void;
  locateFile?: (file: string, folder: string) => string;
}) => Promise<WasmModule>;

declare module '@cornerstonejs/codec-charls/decodewasmjs' {
  const factory: WasmFactory;
  export default factory;
}

declare module '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs' {
  const factory: WasmFactory;
  export default factory;
}

declare module '@cornerstonejs/codec-openjpeg/decodewasmjs' {
  const factory: WasmFactory;
  export default factory;
}

declare module '@cornerstonejs/codec-openjph/wasmjs' {
  const factory: WasmFactory;
  export default factory;
}

declare module 'jpeg-lossless-decoder-js' {
  export class Decoder {
    /** The column of the next pixel. */
    readonly xLoc: number;
    /** The row of the next pixel; that below the last when it is done. */
    readonly yLoc: number;
    decode(
      buffer: ArrayBuffer,
      offset: number,
      length: number,
      bytesPerSample: number,
    ): Uint8Array | Uint16Array | null;
  }
}
