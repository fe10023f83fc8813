import * as tf from '@tensorflow/tfjs-core';

/** A 3x3 convolution with `same` padding. */
export interface Convolution {
  readonly images: number;
  readonly size: readonly [height: number, width: number];
  readonly channels: readonly [inputs: number, outputs: number];
  readonly stride: 1 | 2;
}

export function infoOf({ images, size, channels, stride }: Convolution) {
  const shape: [number, number, number, number] = [images, ...size, channels[0]];
  return tf.backend_util.computeConv2DInfo(shape, [3, 3, ...channels], stride, 1, 'same');
}

/** Sums of products in float64, and the sums of their absolute values. */
class Sums {
  readonly sums: Float64Array;
  readonly sizes: Float64Array;
  constructor(size: number) {
    this.sums = new Float64Array(size);
    this.sizes = new Float64Array(size);
  }
  add(at: number, product: number): void {
    this.sums[at] += product;
    this.sizes[at] += Math.abs(product);
  }
}

/** The outputs of a convolution and, of `dy`, both gradients: one product after the other. */
export function naive(
  form: Convolution,
  x: ArrayLike<number>,
  filter: ArrayLike<number>,
  dy?: ArrayLike<number>,
) {
  const { inHeight, inWidth, outHeight, outWidth, padInfo } = infoOf(form);
  const { images, stride } = form;
  const [inputs, outputs] = form.channels;
  const output = new Sums(images * outHeight * outWidth * outputs);
  const byInput = new Sums(x.length);
  const byFilter = new Sums(filter.length);
  for (let place = 0; place < images * outHeight * outWidth; place++) {
    const column = place % outWidth;
    const row = Math.floor(place / outWidth) % outHeight;
    const image = Math.floor(place / outWidth / outHeight);
    for (let tap = 0; tap < 9; tap++) {
      const i = row * stride + Math.floor(tap / 3) - padInfo.top;
      const j = column * stride + (tap % 3) - padInfo.left;
      if (i < 0 || j < 0 || i >= inHeight || j >= inWidth) continue;
      const from = ((image * inHeight + i) * inWidth + j) * inputs;
      for (let c = 0; c < inputs; c++) {
        for (let n = 0; n < outputs; n++) {
          const weight = (tap * inputs + c) * outputs + n;
          const to = place * outputs + n;
          output.add(to, x[from + c] * filter[weight]);
          if (!dy) continue;
          byInput.add(from + c, dy[to] * filter[weight]);
          byFilter.add(weight, x[from + c] * dy[to]);
        }
      }
    }
  }
  return { sums: output.sums, sizes: output.sizes, input: byInput, filter: byFilter };
}
