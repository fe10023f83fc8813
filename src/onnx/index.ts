export { type ToOnnxOptions, toOnnx } from './to-onnx.js';
