// Pretrained encoders whose weights stay as they are, as backbones of a SaladModel.

export { efficientNetLite0 } from './efficientnet-lite0.js';
export { frozenEncoder } from './frozen-encoder.js';
export type { FrozenEncoderOptions } from './frozen-encoder-options.js';
