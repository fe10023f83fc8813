import type { Case, Ratio } from '../case.js';
import { BATCH } from '../network.js';
import { exportFolder, exportNetwork, isolatedPage, python, tfjs } from '../workers.js';
import type { Plan } from './plan.js';

/** Least ratios to onnxruntime-web's wasm, by the side of the images, one thread each; on more threads it is 1.3. */
const TO_WEB: Readonly<Record<number, number>> = { 32: 1.5, 64: 1.8, 128: 2, 256: 2 };

/** e: embeddings a second in inference, against ONNX Runtime on the same weights and as many threads. */
export function againstOnnxRuntime({ backends, sizes, threads }: Plan): Case[] {
  const forms = [
    { backend: 'tensorflow', counts: [threads] },
    { backend: 'wasm', counts: [...new Set([1, threads])] },
  ].filter(({ backend }) => backends.includes(backend));
  return forms.flatMap(({ backend, counts }) =>
    sizes.flatMap((size) => counts.map((count) => embeddings(backend, size, count))),
  );
}

function embeddings(backend: string, size: number, count: number): Case {
  const each = count === 1 ? 'one thread each' : `${count} threads each`;
  const folder = exportFolder(size);
  const other = { backend: 'none', size, folder, threads: count };
  const wasm = { backend, size, wasmThreads: count };
  const ratio = (what: string, ours: string, against: string, atLeast?: number): Ratio => ({
    ...{ row: 'e', what: `embedding / ${what}, ${each}`, ours, against, atLeast },
  });
  const toWeb = count === 1 ? TO_WEB[size] : 1.3;
  const toNode = backend === 'tensorflow' ? 0.8 : count === 1 && size >= 64 ? 0.55 : undefined;
  const ofWasm = backend === 'wasm';
  return {
    ...{ row: 'e', size, backend: ofWasm ? `wasm, ${each}` : backend },
    before: [exportNetwork(size), python('onnx_encoder.py', { folder }, 1)],
    contestants: {
      embedding: tfjs('embed', wasm, count),
      onnxruntime: tfjs('onnxruntime-embed', other, count),
      ...(ofWasm && {
        web: tfjs('onnxruntime-embed', { ...other, web: true }, count),
        'embedding in a page': isolatedPage('embed', wasm),
        'web in a page': isolatedPage('web-embed', other),
      }),
    },
    ...{ work: BATCH, unit: 'images/s' },
    ratios: [
      ratio('onnxruntime-node', 'embedding', 'onnxruntime', toNode),
      ...(ofWasm
        ? [
            ratio('onnxruntime-web in Node', 'embedding', 'web', toWeb),
            ratio('onnxruntime-web in Chromium', 'embedding in a page', 'web in a page', toWeb),
          ]
        : []),
    ],
  };
}
