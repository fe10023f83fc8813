import type { Case } from '../case.js';
import { BATCH } from '../network.js';
import { exportFolder, exportNetwork, python, tfjs } from '../workers.js';
import type { Plan } from './plan.js';

/** e: embeddings a second in inference, against ONNX Runtime on the same weights. */
export function againstOnnxRuntime({ backends, sizes, threads }: Plan): Case[] {
  return backends
    .filter((backend) => backend === 'tensorflow' || backend === 'wasm')
    .flatMap((backend) =>
      sizes.map((size) => {
        // In Node the wasm backend computes in one thread, so ONNX Runtime is given one.
        const count = backend === 'wasm' ? 1 : threads;
        const folder = exportFolder(size);
        const other = { backend: 'none', size, folder, threads: count };
        return {
          row: 'e',
          size,
          backend,
          before: [exportNetwork(size), python('onnx_encoder.py', { folder }, 1)],
          contestants: {
            embedding: tfjs('embed', { backend, size }, count),
            onnxruntime: tfjs('onnxruntime-embed', other, count),
          },
          work: BATCH,
          unit: 'images/s',
          ratios: [
            {
              row: 'e',
              what: `embedding / onnxruntime-node, ${count === 1 ? 'one thread' : `${count} threads`} each`,
              ours: 'embedding',
              against: 'onnxruntime',
              atLeast: backend === 'tensorflow' ? 0.8 : undefined,
            },
          ],
        };
      }),
    );
}
