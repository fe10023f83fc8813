import type { Case } from '../case.js';
import { stepOverForward } from './a-step.js';
import { methodOverhead } from './b-method.js';
import { wasmKernels } from './c-wasm-kernels.js';
import { againstPyTorch } from './d-pytorch.js';
import { againstOnnxRuntime } from './e-embedding.js';
import { bankScan } from './f-bank-scan.js';
import { peakMemory } from './g-memory.js';
import { coldStart } from './h-cold-start.js';
import { ownCells } from './i-own-cells.js';
import { frozenCellScores } from './j-frozen-cells.js';
import { kCenterChoice } from './k-k-center.js';
import { fitFrozen } from './l-fit-frozen.js';
import { onnxAgainstTfjs } from './m-onnx-scorer.js';
import { onnxAgainstBare } from './n-onnx-bare.js';
import { onThreads } from './o-threads.js';
import { inIsolatedPage } from './p-isolated-page.js';
import type { Plan } from './plan.js';

/** Every row of the table, in its order. */
export const rows: Readonly<Record<string, (plan: Plan) => Case[]>> = {
  a: stepOverForward,
  b: methodOverhead,
  c: wasmKernels,
  d: againstPyTorch,
  e: againstOnnxRuntime,
  f: bankScan,
  g: peakMemory,
  h: coldStart,
  i: ownCells,
  j: frozenCellScores,
  k: kCenterChoice,
  l: fitFrozen,
  m: onnxAgainstTfjs,
  n: onnxAgainstBare,
  o: onThreads,
  p: inIsolatedPage,
};
