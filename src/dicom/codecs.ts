import { imageProblem } from '../decoding/image-problem.js';
import { SaladError } from '../support/errors.js';
import { missingPeer } from '../support/missing-peer.js';
import { checkCodecLimits } from './codec-limits.js';
import type { CodedHeader } from './codestream.js';
import type { PixelCoding } from './transfer-syntax.js';

/** Codings that need a codec from a package of its own. */
export type CodecName = Exclude<PixelCoding, 'native' | 'rle'>;

/** Decodes coded frames; modules are loaded on first use and kept. */
export interface Codecs {
  /**
   * @param header what the frame says of itself, already held against what the file says
   * @returns samples as the frame has them, pixel by pixel, a new array
   * @throws IMAGE_INVALID, IMAGE_UNSUPPORTED, MISSING_PEER
   */
  decode(name: CodecName, frame: Uint8Array, header: CodedHeader): Promise<Samples>;
}

export type Samples = Uint8Array | Uint16Array;

export interface CodecOptions {
  /** Where a page finds the codecs' WebAssembly, by the name of the file. */
  readonly wasmUrl?: (file: string) => string;
}

interface WasmCodec {
  readonly package: string;
  readonly file: string;
  readonly decoder: string;
  readonly load: () => Promise<{ default: WasmFactory | { default: WasmFactory } }>;
}

// Each path is written out, in a try of its own, so that bundlers see it, and go on where it is not installed.
// The builds in WebAssembly alone: those in plain JavaScript are several times slower.
const WASM_CODECS: Readonly<Record<Exclude<CodecName, 'jpeg-lossless'>, WasmCodec>> = {
  jpeg: {
    package: '@cornerstonejs/codec-libjpeg-turbo-8bit',
    file: 'libjpegturbowasm_decode.wasm',
    decoder: 'JPEGDecoder',
    load: async () => {
      try {
        return await import('@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs');
      } catch (cause) {
        return missingPeer('dicom', '@cornerstonejs/codec-libjpeg-turbo-8bit')(cause);
      }
    },
  },
  'jpeg-ls': {
    package: '@cornerstonejs/codec-charls',
    file: 'charlswasm_decode.wasm',
    decoder: 'JpegLSDecoder',
    load: async () => {
      try {
        return await import('@cornerstonejs/codec-charls/decodewasmjs');
      } catch (cause) {
        return missingPeer('dicom', '@cornerstonejs/codec-charls')(cause);
      }
    },
  },
  'jpeg-2000': {
    package: '@cornerstonejs/codec-openjpeg',
    file: 'openjpegwasm_decode.wasm',
    decoder: 'J2KDecoder',
    load: async () => {
      try {
        return await import('@cornerstonejs/codec-openjpeg/decodewasmjs');
      } catch (cause) {
        return missingPeer('dicom', '@cornerstonejs/codec-openjpeg')(cause);
      }
    },
  },
  htj2k: {
    package: '@cornerstonejs/codec-openjph',
    file: 'openjphjs.wasm',
    decoder: 'HTJ2KDecoder',
    load: async () => {
      try {
        return await import('@cornerstonejs/codec-openjph/wasmjs');
      } catch (cause) {
        return missingPeer('dicom', '@cornerstonejs/codec-openjph')(cause);
      }
    },
  },
};

/** Memory of a module, which never shrinks, above which it is given up for a new one. */
const MOST_MEMORY = 2 ** 28;

export function createCodecs({ wasmUrl }: CodecOptions): Codecs {
  const modules = new Map<string, Promise<{ module: WasmModule; complaints: string[] }>>();

  async function start(codec: WasmCodec) {
    const loaded = await codec.load();
    const factory = 'default' in loaded.default ? loaded.default.default : loaded.default;
    const complaints: string[] = [];
    const module = await factory({
      print: (line) => void (/warning|error/i.test(line) && complaints.push(line)),
      printErr: (line) => void complaints.push(line),
      ...(wasmUrl && { locateFile: (file: string) => wasmUrl(file) }),
    }).catch(missingFile(codec));
    return { module, complaints };
  }

  return {
    async decode(name, frame, header) {
      checkCodecLimits(name, frame, header);
      if (name === 'jpeg-lossless') return decodeLossless(frame, header);
      const codec = WASM_CODECS[name];
      for (;;) {
        const starting = modules.get(name) ?? start(codec);
        modules.set(name, starting);
        try {
          const { module, complaints } = await starting;
          // Given up meanwhile, by another call.
          if (modules.get(name) !== starting) continue;
          complaints.length = 0;
          const samples = decodeInModule(module, codec.decoder, frame, header);
          if (complaints.length > 0) throw damaged();
          if (module.HEAPU8.length > MOST_MEMORY) modules.delete(name);
          return samples;
        } catch (thrown) {
          // An exception that leaves a module takes a piece of its stack with it each time.
          if (modules.get(name) === starting) modules.delete(name);
          throw thrown;
        }
      }
    },
  };
}

/** What to do when the WebAssembly of a codec does not come. */
const missingFile =
  (codec: WasmCodec) =>
  (cause: unknown): never => {
    throw new SaladError(
      'MISSING_PEER',
      `dicom: '${codec.file}' of the optional package '${codec.package}' could not be loaded; expected it beside the package; in a page, serve it and say where by the option wasmUrl.`,
      { package: codec.package, file: codec.file },
      { cause },
    );
  };

const damaged = () =>
  imageProblem(
    'IMAGE_INVALID',
    'dicom',
    'the coded pixels are damaged',
    'expected a frame as the transfer syntax says; fetch the file again',
  );

/** From the first line to the last without a pause, for the memory is the module's and of every call. */
function decodeInModule(
  module: WasmModule,
  name: string,
  frame: Uint8Array,
  header: CodedHeader,
): Samples {
  try {
    const decoder = new (module[name] as new () => WasmDecoder)();
    decoder.getEncodedBuffer(frame.length).set(frame);
    decoder.decode();
    const info = decoder.getFrameInfo();
    const bytes = decoder.getDecodedBuffer().slice();
    decoder.delete();
    const wide = info.bitsPerSample > 8;
    const count = header.height * header.width * header.components;
    if (
      info.width !== header.width ||
      info.height !== header.height ||
      info.componentCount !== header.components ||
      bytes.length !== count * (wide ? 2 : 1)
    )
      throw damaged();
    return wide ? new Uint16Array(bytes.buffer) : new Uint8Array(bytes.buffer);
  } catch {
    // Exceptions of C++ arrive as numbers and say nothing.
    throw damaged();
  }
}

async function losslessDecoder(): Promise<typeof import('jpeg-lossless-decoder-js')> {
  try {
    return await import('jpeg-lossless-decoder-js');
  } catch (cause) {
    return missingPeer('dicom', 'jpeg-lossless-decoder-js')(cause);
  }
}

async function decodeLossless(frame: Uint8Array, header: CodedHeader): Promise<Samples> {
  const loaded = await losslessDecoder();
  const { Decoder } = 'default' in loaded ? (loaded.default as typeof loaded) : loaded;
  const bytesPerSample = header.precision > 8 ? 2 : 1;
  const decode = (code: Uint8Array<ArrayBuffer>) => {
    const decoder = new Decoder();
    const samples = decoder.decode(code.buffer, 0, code.length, bytesPerSample);
    return { samples, missing: header.height * header.width - placeOf(decoder, header) };
  };
  try {
    // The decoder takes a buffer from its start.
    let { samples, missing } = decode(frame.slice());
    // It does not see a last pixel whose code is the last bit before the end.
    if (missing === 1) ({ samples, missing } = decode(withByteBeforeEnd(frame)));
    // It stops at a marker, wherever that comes.
    if (missing === 0 && samples?.length === header.height * header.width * header.components)
      return samples;
  } catch {}
  throw damaged();
}

/** How many pixels have been decoded. */
const placeOf = ({ xLoc, yLoc }: { xLoc: number; yLoc: number }, { width }: CodedHeader) =>
  yLoc * width + xLoc;

/** @param frame that ends with its end marker */
function withByteBeforeEnd(frame: Uint8Array): Uint8Array<ArrayBuffer> {
  const longer = new Uint8Array(frame.length + 1);
  longer.set(frame.subarray(0, -2));
  longer.set(frame.subarray(-2), frame.length - 1);
  return longer;
}
