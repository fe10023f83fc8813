/**
 * What a thread that scores with EfficientNet-Lite0 imports in place of a backend's package: the backend, and the encoder that no model
 * file holds. Its URL says the shape of the input: `?shape=224,224,1`.
 */
import type { ImageShape } from 'salad-ad';

// Named by a value, since the backend is the user's to install.
const backend: string = '@tensorflow/tfjs-backend-wasm';
await import(backend);

/** As `scoringPool` asks for it: the second argument of `SaladModel.load`. */
export async function loadOptions() {
  const { efficientNetLite0 } = await import('salad-ad/encoders');
  const shape = new URL(import.meta.url).searchParams.get('shape') ?? '';
  const inputShape = shape.split(',').map(Number) as unknown as ImageShape;
  return { backbone: await efficientNetLite0({ inputShape }) };
}
