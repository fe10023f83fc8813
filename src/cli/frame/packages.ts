import { createRequire } from 'node:module';

/** What each package is for, and whether nothing works without it; packages of one line are needed together. */
export const packages: readonly (readonly [
  use: string,
  names: readonly string[],
  needed: boolean,
])[] = [
  [
    'computing',
    ['@tensorflow/tfjs-core', '@tensorflow/tfjs-layers', '@tensorflow/tfjs-backend-wasm'],
    true,
  ],
  ['PNG, JPEG, WebP, TIFF files', ['sharp'], false],
  ['all cores', ['tinypool'], false],
  ['DICOM, compressed as JPEG 2000', ['@cornerstonejs/codec-openjpeg'], false],
  [
    'DICOM, compressed as JPEG',
    ['@cornerstonejs/codec-libjpeg-turbo-8bit', 'jpeg-lossless-decoder-js'],
    false,
  ],
  ['DICOM, compressed as JPEG-LS', ['@cornerstonejs/codec-charls'], false],
  ['DICOM, compressed as HTJ2K', ['@cornerstonejs/codec-openjph'], false],
  ['reports, and maps as pictures', ['@observablehq/plot', 'linkedom', 'fast-png'], false],
  ['Parquet tables', ['hyparquet', 'hyparquet-writer'], false],
  ['projections in reports', ['umap-js'], false],
  ["the paper's preprocessing", ['@techstark/opencv-js'], false],
  ['native TensorFlow instead of wasm', ['@tensorflow/tfjs-node'], false],
  ['running exported models (.onnx)', ['onnxruntime-node'], false],
];

/** The version of a package as this program and its threads find it; undefined where they do not. */
export function installedVersion(name: string): string | undefined {
  const require = createRequire(import.meta.url);
  for (const folder of require.resolve.paths(name) ?? []) {
    try {
      return require(`${folder}/${name}/package.json`).version;
    } catch {
      // It is not in this folder.
    }
  }
  return undefined;
}

/** The line that installs a package and those that it is needed with, without those that are there. */
export function installLine(name: string): string {
  const [, together] = packages.find(([, names]) => names.includes(name)) ?? ['', [name]];
  const missing = together.filter((each) => each === name || !installedVersion(each));
  return `npm install ${missing.join(' ')}`;
}
