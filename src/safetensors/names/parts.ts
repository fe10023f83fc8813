import type { ImageShape } from '../../images/pixels.js';
import { filter, type Layout, matrixToMap } from '../layouts.js';

/** A weight by the name that a module of PyTorch would give it. */
export interface NamedWeight {
  readonly name: string;
  /** As PyTorch has it; absent where only the backbone knows. */
  readonly shape?: readonly number[];
  /** How its axes lie; absent where they lie as they do here. */
  readonly layout?: Layout;
}

/** What a layer learns, and what training records beside it. */
export interface Part {
  readonly trainable: readonly NamedWeight[];
  readonly statistics: readonly NamedWeight[];
}

/** The first two axes of a filter in PyTorch, and its side; a transposed one begins with its inputs. */
export type Filter = readonly [first: number, second: number, side: number];

/** A convolution, transposed or not, and the normalisation behind it. */
export function convolution(name: string, shape: Filter, outputs = shape[0]): Part {
  const { trainable, statistics } = norm(`${name}.norm`, outputs);
  return { trainable: [filterOf(name, shape), ...trainable], statistics };
}

/** A convolution that nothing normalises. */
export function lastConvolution(name: string, shape: Filter, outputs: number): Part {
  const bias = { name: `${name}.conv.bias`, shape: [outputs] };
  return { trainable: [filterOf(name, shape), bias], statistics: [] };
}

function filterOf(name: string, [first, second, side]: Filter): NamedWeight {
  return { name: `${name}.conv.weight`, shape: [first, second, side, side], layout: filter };
}

/** The unit embedding to the first map of the decoder. */
export function expansion(embeddingSize: number, map: ImageShape): Part[] {
  const shape = [sizeOf(map), embeddingSize];
  return [
    linear('expansion.linear', shape, matrixToMap(map), false),
    norm('expansion.norm', map[2]),
  ];
}

export function linear(
  name: string,
  shape: readonly number[],
  layout: Layout,
  bias: boolean,
): Part {
  const weight = { name: `${name}.weight`, shape, layout };
  const added = bias ? [{ name: `${name}.bias`, shape: shape.slice(0, 1) }] : [];
  return { trainable: [weight, ...added], statistics: [] };
}

function norm(name: string, channels: number): Part {
  const list = (of: string) => ({ name: `${name}.${of}`, shape: [channels] });
  return {
    trainable: ['weight', 'bias'].map(list),
    statistics: ['running_mean', 'running_var'].map(list),
  };
}

export function sizeOf(map: ImageShape): number {
  return map[0] * map[1] * map[2];
}
