export { OnnxScorer } from './onnx-scorer.js';
export { type ToOnnxOptions, toOnnx } from './to-onnx.js';
