// Pretrained encoders whose weights stay as they are, as backbones of a SaladModel.

export { efficientNetLite0 } from './efficientnet-lite0.js';
export { type FrozenEncoderOptions, frozenEncoder } from './frozen-encoder.js';
export type { GraphLike } from './model-maps.js';
export type { SessionLike, SessionTensor, SessionTensorClass } from './session-maps.js';
