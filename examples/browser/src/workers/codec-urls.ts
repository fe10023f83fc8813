import charls from '@cornerstonejs/codec-charls/decodewasm?url';
import turbo from '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasm?url';
import openjpeg from '@cornerstonejs/codec-openjpeg/decodewasm?url';
import openjph from '@cornerstonejs/codec-openjph/wasm?url';

const urls: Readonly<Record<string, string>> = {
  'charlswasm_decode.wasm': charls,
  'libjpegturbowasm_decode.wasm': turbo,
  'openjpegwasm_decode.wasm': openjpeg,
  'openjphjs.wasm': openjph,
};

/** Where this page serves the WebAssembly of a codec. */
export const wasmUrl = (file: string): string => urls[file] ?? file;
