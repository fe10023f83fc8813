export {
  fitLogisticRegression,
  type LogisticRegression,
  type LogisticRegressionOptions,
} from './logistic-regression.js';
export { meanIntensity, type TextureScores, textureScores } from './one-number.js';
export { type PixelBankOptions, type PixelBankScores, pixelBankScores } from './pixel-bank.js';
export type { PreparedImages } from './prepared-images.js';
