export { adam } from './adam';
export { bankNeighbors, bankNeighborsScratch } from './bank-neighbors';
export { bankScan, bankScanScratch } from './bank-scan';
export { bankSoftmax, bankSoftmaxScratch, mergeSoftmax } from './bank-softmax';
export { biasAndClip, biasAndSlope } from './bias-and-slope';
export { bilinearScratch, doubleBilinear, doubleBilinearGrad } from './bilinear';
export { clip, extremes } from './clip';
export { coarsen } from './coarse';
export { correlate, correlateBack, correlateBackScratch, correlateScratch } from './convolution';
export { depthwise, packDepthwise } from './depthwise';
export { exp } from './exp';
export { gather } from './gather';
export { l2Normalize, l2NormalizeGrad } from './l2-normalize';
export { frameImages, packColumns, packPanels } from './layout';
export { leakyRelu } from './leaky-relu';
export { mergeStates } from './moments';
export { halfSquares, longestRow, nearestRows, nearestRowsScratch } from './nearest-rows';
export { normalizeMoments, normalizePixels, normalizeTables } from './normalize-activate';
export {
  normalizeGradPixels,
  normalizeGradSums,
  normalizeGradTables,
} from './normalize-activate-gradient';
export {
  normalizeBlock,
  normalizeStateScratch,
  normalizeSumsScratch,
  normalizeTablesScratch,
} from './pixel-rows';
export { slice } from './slice';
export { sums, sumsScratch } from './sums';
export { addTotals, addToTotals } from './totals';
export {
  winogradFilter,
  winogradInput,
  winogradOutput,
  winogradProducts,
  winogradScratch,
} from './winograd';
export {
  winogradFilterGradient,
  winogradOutputGradient,
  winogradSums,
  winogradSumsScratch,
} from './winograd-gradient';
export { halvingFilter, halvingInput, halvingProducts } from './winograd-halving';
