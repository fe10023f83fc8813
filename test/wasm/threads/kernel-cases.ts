import * as tf from '@tensorflow/tfjs-core';
import { normalizeAndActivate } from '../../../src/backbones/layers/normalize-and-activate.js';
import { upsample } from '../../../src/backbones/layers/upsample.js';
import { Adam } from '../../../src/learning/adam.js';
import { bankNeighbors } from '../../../src/operations/bank-neighbors.js';
import { scanBank } from '../../../src/operations/bank-scan.js';
import { softmaxOverBank } from '../../../src/operations/bank-softmax.js';
import { invertedBottleneck } from '../../../src/operations/bottleneck.js';
import { nearestRows } from '../../../src/operations/nearest-rows.js';
import { l2Normalize } from '../../../src/support/tensors.js';
import { normal } from '../../support/normal.js';

type Shape4D = [number, number, number, number];

/** Work that threads share: its name, and whether it is cut at any thread count above 1. */
export type KernelCase = [name: string, compute: () => tf.Tensor[]];

const maps = (name: string, shape: Shape4D) => normal(name, shape) as tf.Tensor4D;

interface Form {
  readonly x: Shape4D;
  readonly filter: Shape4D;
  readonly stride?: number;
  readonly pad?: 'same' | 'valid' | number;
}

/** Winograd's form and not, few channels, one image, more images than parts, a frame or none, odd sizes. */
const FORMS: Form[] = [
  { x: [5, 9, 11, 32], filter: [3, 3, 32, 32] },
  { x: [1, 17, 13, 32], filter: [3, 3, 32, 64] },
  { x: [20, 4, 4, 64], filter: [3, 3, 64, 32] },
  { x: [3, 8, 8, 32], filter: [3, 3, 32, 32], stride: 2 },
  { x: [5, 34, 32, 8], filter: [3, 3, 8, 16], stride: 2 },
  { x: [1, 66, 64, 16], filter: [3, 3, 16, 8], stride: 2 },
  { x: [1, 15, 9, 8], filter: [3, 3, 8, 16], stride: 2 },
  { x: [4, 10, 7, 3], filter: [5, 5, 3, 7] },
  { x: [1, 21, 10, 1], filter: [3, 3, 1, 16] },
  { x: [18, 6, 6, 16], filter: [3, 3, 16, 1] },
  { x: [2, 9, 9, 16], filter: [1, 1, 16, 24] },
  { x: [1, 12, 9, 16], filter: [1, 1, 16, 8] },
  { x: [2, 11, 8, 96], filter: [4, 4, 96, 48], stride: 2, pad: 'valid' },
  { x: [3, 7, 9, 4], filter: [2, 3, 4, 8], stride: 3 },
];

const convolutions = FORMS.flatMap(({ x, filter, stride = 1, pad = 'same' }): KernelCase[] => {
  const name = `[${x}] by [${filter}], stride ${stride}, ${pad}`;
  const both = (maker: (x: tf.Tensor4D, filter: tf.Tensor4D) => tf.Tensor) => [
    maker(maps('x', x), maps('filter', filter)),
  ];
  const convolve = (from: tf.Tensor4D, by: tf.Tensor4D) => tf.conv2d(from, by, stride, pad);
  const gradients = () => {
    const dy = tf.tidy(() => normal('dy', convolve(maps('x', x), maps('filter', filter)).shape));
    const of = (a: tf.Tensor, b: tf.Tensor) => convolve(a as tf.Tensor4D, b as tf.Tensor4D);
    return tf.grads(of)([maps('x', x), maps('filter', filter)], dy);
  };
  const fused = (activation: 'relu6' | 'leakyrelu') => () =>
    both((from, by) =>
      tf.fused.conv2d({
        ...{ x: from, filter: by, strides: stride, pad, activation, leakyreluAlpha: 0.1 },
        bias: normal('bias', [filter[3]]),
      }),
    );
  return [
    [`conv2d ${name}`, () => both(convolve)],
    [`fused conv2d, relu6, ${name}`, fused('relu6')],
    [`fused conv2d, leaky, ${name}`, fused('leakyrelu')],
    [`gradients of conv2d ${name}`, gradients],
  ];
});

const bottlenecks = [
  { size: [9, 6] as const, images: 2, stride: 1, channels: [3, 8, 8] as const },
  { size: [33, 20] as const, images: 1, stride: 2, channels: [16, 16, 8] as const },
  { size: [40, 64] as const, images: 1, stride: 1, channels: [8, 144, 24] as const },
].map(({ size, images, stride, channels: [inputs, inner, outputs] }): KernelCase => {
  const weights = (name: string, shape: Shape4D, depthwise = false) => ({
    filter: maps(name, shape),
    bias: normal(`${name} bias`, [shape[depthwise ? 2 : 3]]) as tf.Tensor1D,
  });
  return [
    `inverted bottleneck [${images}, ${size}], stride ${stride}`,
    () => [
      invertedBottleneck(maps('x', [images, ...size, inputs]), {
        ...(inputs !== inner && { expand: weights('expand', [1, 1, inputs, inner]) }),
        spatial: weights('spatial', [3, 3, inner, 1], true),
        project: weights('project', [1, 1, inner, outputs]),
        stride,
      }),
    ],
  ];
});

const depthwise = (
  [
    [1, 19, 9, 12],
    [3, 8, 8, 5],
    [20, 5, 5, 8],
  ] as Shape4D[]
).flatMap((x) =>
  [1, 2].map(
    (stride): KernelCase => [
      `depthwise [${x}], stride ${stride}`,
      () => {
        const filter = maps('filter', [3, 3, x[3], 1]);
        const fused = { x: maps('x', x), filter, strides: stride, pad: 'same' as const };
        const bias = normal('bias', [x[3]]);
        return [
          tf.depthwiseConv2d(maps('x', x), filter, stride, 'same'),
          tf.fused.depthwiseConv2d({ ...fused, bias, activation: 'relu6' }),
          tf.fused.depthwiseConv2d({ ...fused, bias, activation: 'relu' }),
        ];
      },
    ],
  ),
);

const normalisations = (
  [
    [3, 5, 7, 1],
    [2, 40, 41, 24],
    [5, 64, 64, 16],
    [2, 80, 81, 20],
  ] as Shape4D[]
).map(
  (shape): KernelCase => [
    `normalisation and its gradient [${shape}]`,
    () => {
      const inputs = [
        tf.add(normal('x', shape), 3),
        normal('scale', [shape[3]]),
        normal('offset', [shape[3]]),
      ];
      const run = (...values: tf.Tensor[]) =>
        normalizeAndActivate(...(values as [tf.Tensor4D, tf.Tensor1D, tf.Tensor1D]), {
          epsilon: 1e-3,
          slope: 0.1,
        });
      return [run(...inputs), ...tf.grads(run)(inputs, normal('dy', shape))];
    },
  ],
);

const products = [
  { a: [37, 20], b: [20, 24], transposeA: false, transposeB: false },
  { a: [5, 33], b: [33, 203], transposeA: false, transposeB: false },
  { a: [40, 9], b: [40, 50], transposeA: true, transposeB: false },
  { a: [16, 200], b: [301, 200], transposeA: false, transposeB: true },
  { a: [12, 30], b: [64, 12], transposeA: true, transposeB: true },
].map(({ a, b, ...transposed }): KernelCase => {
  const columns = b[transposed.transposeB ? 0 : 1];
  const factors = () => ({
    a: normal('a', a as [number, number]) as tf.Tensor2D,
    b: normal('b', b as [number, number]) as tf.Tensor2D,
    ...transposed,
  });
  return [
    `product [${a}] by [${b}], ${JSON.stringify(transposed)}`,
    () => [
      tf.matMul(factors().a, factors().b, transposed.transposeA, transposed.transposeB),
      tf.fused.matMul({ ...factors(), bias: normal('bias', [columns]), activation: 'relu' }),
    ],
  ];
});

/** A bank of several sets of rows, and queries that fill no whole panel. */
const unit = (name: string, count: number, dim = 40) =>
  l2Normalize(normal(name, [count, dim]) as tf.Tensor2D);
const bank: KernelCase[] = [
  [
    'bank softmax',
    () => Object.values(softmaxOverBank(unit('q', 13), [unit('rows', 5000)], 0.1, 512)),
  ],
  [
    'bank softmax of few rows',
    () => Object.values(softmaxOverBank(unit('q', 20), [unit('r', 90)], 0.1, 512)),
  ],
  [
    'bank scan',
    () => {
      const own = Int32Array.from({ length: 43 }, (_, i) => i);
      const { nearest, indices, others } = scanBank(unit('q', 43), [unit('rows', 700)], {
        k: 7,
        own,
      });
      return [nearest, indices, others];
    },
  ],
  [
    'bank neighbours',
    () => {
      const own = Int32Array.from({ length: 43 }, (_, i) => i);
      const options = { own, k: 5, temperature: 0.1, entropyIncludesSelf: false };
      return bankNeighbors(unit('rows', 43), [unit('rows', 700)], options);
    },
  ],
  [
    'nearest rows',
    () => {
      const { distances, indices } = nearestRows(unit('q', 130), unit('rows', 300), { k: 2 });
      return [distances, indices];
    },
  ],
].map(([name, compute]) => [name, compute] as KernelCase);

const VALUES = 1021;
const values = () => tf.mul(normal('values', [VALUES]), 3);
const elementWise: KernelCase[] = [
  ['exp', () => [tf.exp(values())]],
  ['clip', () => [tf.clipByValue(values(), -1, 2), tf.relu(values()), tf.relu6(values())]],
  ['extremes', () => [tf.maximum(values(), 0.5), tf.minimum(normal('b', [VALUES]), values())]],
  ['leakyRelu', () => [tf.leakyRelu(values(), 0.2)]],
  ['sum', () => [tf.sum(normal('x', [37, 9, 5]), 1), tf.mean(normal('x', [37, 9, 5]), 2)]],
  [
    'bilinear doubling and its gradient',
    () => {
      const { apply } = upsample([10, 12]);
      const grow = (map: tf.Tensor) => apply(map as tf.Tensor4D, true);
      const x = normal('x', [7, 5, 6, 3]);
      return [grow(x), tf.grad(grow)(x, normal('dy', [7, 10, 12, 3]))];
    },
  ],
  [
    'unit length and its gradient',
    () => {
      const run = (x: tf.Tensor) => l2Normalize(x as tf.Tensor2D);
      const x = normal('x', [57, 19]);
      return [run(x), tf.grad(run)(x, normal('dy', [57, 19]))];
    },
  ],
  [
    'Adam',
    () => {
      const variable = tf.variable(normal('variable', [VALUES]));
      const options = { learningRate: 0.01, beta1: 0.5, beta2: 0.999, weightDecay: 0.1 };
      const adam = new Adam([variable], options);
      try {
        for (let step = 0; step < 3; step++)
          adam.apply({ [variable.name]: normal(`gradient ${step}`, [VALUES]) });
        return [variable, ...adam.moments[0]].map((value) => tf.add(value, 0));
      } finally {
        adam.dispose();
        variable.dispose();
      }
    },
  ],
];

/** Every kernel that threads share. */
export const kernelCases: KernelCase[] = [
  ...convolutions,
  ...bottlenecks,
  ...depthwise,
  ...normalisations,
  ...products,
  ...bank,
  ...elementWise,
];
