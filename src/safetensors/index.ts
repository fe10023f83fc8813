// A SaladModel as one safetensors file, for PyTorch, JAX and whatever else reads the format.

export { fromSafetensors } from './from-safetensors.js';
export { toSafetensors } from './to-safetensors.js';
