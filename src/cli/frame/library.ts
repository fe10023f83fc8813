import { createRequire } from 'node:module';

interface Entries {
  readonly 'salad-ad': typeof import('salad-ad');
  readonly 'salad-ad/backend': typeof import('salad-ad/backend');
  readonly 'salad-ad/baselines': typeof import('salad-ad/baselines');
  readonly 'salad-ad/data': typeof import('salad-ad/data');
  readonly 'salad-ad/dicom': typeof import('salad-ad/dicom');
  readonly 'salad-ad/encoders': typeof import('salad-ad/encoders');
  readonly 'salad-ad/explain': typeof import('salad-ad/explain');
  readonly 'salad-ad/metrics': typeof import('salad-ad/metrics');
  readonly 'salad-ad/monitor': typeof import('salad-ad/monitor');
  readonly 'salad-ad/node': typeof import('salad-ad/node');
  readonly 'salad-ad/onnx': typeof import('salad-ad/onnx');
  readonly 'salad-ad/preprocessing': typeof import('salad-ad/preprocessing');
  readonly 'salad-ad/report': typeof import('salad-ad/report');
  readonly 'salad-ad/safetensors': typeof import('salad-ad/safetensors');
  readonly 'salad-ad/tensorflow': typeof import('salad-ad/tensorflow');
  readonly 'salad-ad/wasm': typeof import('salad-ad/wasm');
}

const requireHere = createRequire(import.meta.url);

/**
 * An entry of the library, loaded when it is needed. By `require`: before an `import` Node reads TensorFlow.js's large CommonJS files for
 * the names in them, which is a quarter of the time of a cold `salad-ad score one.png`.
 */
export function library<Name extends keyof Entries>(name: Name): Entries[Name] {
  return requireHere(name);
}

/** A package that the user installs, likewise. */
export function installed(name: string): unknown {
  return requireHere(name);
}
