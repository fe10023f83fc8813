// The page's side of onnx-in-page.test.ts: bundled, and called from there.
import { arraySource } from '../../src/index.js';
import { OnnxScorer } from '../../src/onnx/index.js';

declare global {
  /** Given by the other side, in base64: the runtime, its wasm and the file of the model. */
  function onnxFile(name: 'runtime' | 'wasm' | 'model'): Promise<string>;
  function scoresOnOnnxWeb(
    pixels: readonly number[],
    shape: readonly [number, number, number],
  ): Promise<{ scores: number[]; abnormal: boolean[]; rows: number[][]; cells: number[] }>;
}

async function bytesOf(name: 'runtime' | 'wasm' | 'model'): Promise<Uint8Array<ArrayBuffer>> {
  return Uint8Array.from(atob(await onnxFile(name)), (letter) => letter.charCodeAt(0));
}

globalThis.scoresOnOnnxWeb = async (pixels, shape) => {
  const code = new Blob([await bytesOf('runtime')], { type: 'text/javascript' });
  const address = URL.createObjectURL(code);
  const ort = await import(address);
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmBinary = (await bytesOf('wasm')).buffer;
  const file = await bytesOf('model');
  const session = await ort.InferenceSession.create(file);
  const scorer = new OnnxScorer({ file, session, Tensor: ort.Tensor });
  const source = arraySource({ pixels: Uint8Array.from(pixels), shape: [...shape] });
  const { scores, abnormal = [], nearestRows } = await scorer.score(source);
  const farthest = await scorer.nearestCells(source, { count: 1 });
  return {
    scores: Array.from(scores),
    abnormal: [...abnormal],
    rows: nearestRows.map((rows) => Array.from(rows)),
    cells: farthest.map(([{ distance }]) => distance),
  };
};
