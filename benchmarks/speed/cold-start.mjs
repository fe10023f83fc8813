/** Loads a saved model and scores a batch; what a user's first call costs, imports included. */
const [backend, size, folder] = process.argv.slice(2);
await import(
  backend === 'tensorflow' ? '@tensorflow/tfjs-node' : `@tensorflow/tfjs-backend-${backend}`
);
const tf = await import('@tensorflow/tfjs-core');
const { SaladModel, arraySource } = await import('salad-ad');
const { fileSystem } = await import('salad-ad/node');
if (backend === 'wasm') (await import('salad-ad/wasm')).enableWasmTraining();
if (backend === 'tensorflow') (await import('salad-ad/tensorflow')).enableNativeKernels();
await tf.setBackend(backend);
// The wasm backend's own listeners would end a failing process with code 7.
for (const event of ['uncaughtException', 'unhandledRejection']) process.removeAllListeners(event);
const model = await SaladModel.load(fileSystem(folder));
const side = Number(size);
const pixels = Uint8Array.from({ length: 16 * side * side }, (_, i) => (i * 7919) % 256);
const { scores } = await model.score(arraySource({ pixels, shape: [side, side, 1] }));
if (!scores.every(Number.isFinite)) process.exitCode = 1;
