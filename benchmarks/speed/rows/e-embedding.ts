import type { Case, Ratio } from '../case.js';
import { BATCH } from '../network.js';
import { exportFolder, exportNetwork, python, tfjs } from '../workers.js';
import type { Plan } from './plan.js';

/** Least ratios to onnxruntime-web's wasm, by the side of the images. */
const TO_WEB: Readonly<Record<number, number>> = { 32: 1.5, 64: 1.8, 128: 2, 256: 2 };

/** e: embeddings a second in inference, against ONNX Runtime on the same weights. */
export function againstOnnxRuntime({ backends, sizes, threads }: Plan): Case[] {
  return backends
    .filter((backend) => backend === 'tensorflow' || backend === 'wasm')
    .flatMap((backend) =>
      sizes.map((size): Case => {
        // In Node the wasm backend computes in one thread, so ONNX Runtime is given one.
        const count = backend === 'wasm' ? 1 : threads;
        const each = count === 1 ? 'one thread each' : `${count} threads each`;
        const folder = exportFolder(size);
        const other = { backend: 'none', size, folder, threads: count };
        const toNode: Ratio = {
          ...{ row: 'e', what: `embedding / onnxruntime-node, ${each}` },
          ...{ ours: 'embedding', against: 'onnxruntime' },
          atLeast: backend === 'tensorflow' ? 0.8 : size >= 64 ? 0.55 : undefined,
        };
        const toWeb: Ratio = {
          ...{ row: 'e', what: `embedding / onnxruntime-web, wasm, ${each}` },
          ...{ ours: 'embedding', against: 'web' },
          atLeast: TO_WEB[size],
        };
        return {
          ...{ row: 'e', size, backend },
          before: [exportNetwork(size), python('onnx_encoder.py', { folder }, 1)],
          contestants: {
            embedding: tfjs('embed', { backend, size }, count),
            onnxruntime: tfjs('onnxruntime-embed', other, count),
            ...(backend === 'wasm' && {
              web: tfjs('onnxruntime-embed', { ...other, web: true }, count),
            }),
          },
          ...{ work: BATCH, unit: 'images/s' },
          ratios: backend === 'wasm' ? [toNode, toWeb] : [toNode],
        };
      }),
    );
}
