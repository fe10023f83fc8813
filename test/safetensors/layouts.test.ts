import { describe, expect, it } from 'vitest';
import {
  filter,
  fromTorch,
  type Layout,
  matrix,
  matrixOfMap,
  matrixToMap,
  type Shaped,
  toTorch,
} from '../../src/safetensors/layouts.js';

/** Values that tell their place. */
function counted(...shape: number[]): Shaped {
  const size = shape.reduce((a, b) => a * b, 1);
  return { shape, values: Float32Array.from({ length: size }, (_, i) => i) };
}

const at = ({ shape, values }: Shaped, ...place: number[]) =>
  values[place.reduce((index, one, axis) => index * shape[axis] + one, 0)];

function backAndForth(ours: Shaped, layout: Layout): Shaped {
  const theirs = toTorch(ours, layout);
  expect(fromTorch(theirs, layout)).toEqual(ours);
  return theirs;
}

describe('a weight in PyTorch', () => {
  it('has the axes of a filter as [out, in, height, width]', () => {
    const ours = counted(2, 3, 4, 5);
    const theirs = backAndForth(ours, filter);
    expect(theirs.shape).toEqual([5, 4, 2, 3]);
    expect(at(theirs, 3, 2, 1, 0)).toBe(at(ours, 1, 0, 2, 3));
  });

  it('has a matrix as [out, in]', () => {
    expect(backAndForth(counted(2, 3), matrix)).toEqual({
      shape: [3, 2],
      values: Float32Array.of(0, 3, 1, 4, 2, 5),
    });
  });

  it('flattens a map channel by channel', () => {
    const [height, width, channels] = [2, 3, 4];
    const ours = counted(24, 5);
    const theirs = backAndForth(ours, matrixOfMap([height, width, channels]));
    const made = counted(5, 24);
    const madeThere = backAndForth(made, matrixToMap([height, width, channels]));
    expect([theirs.shape, madeThere.shape]).toEqual([
      [5, 24],
      [24, 5],
    ]);
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        for (let c = 0; c < channels; c++) {
          const here = (y * width + x) * channels + c;
          const there = (c * height + y) * width + x;
          expect(at(theirs, 1, there)).toBe(at(ours, here, 1));
          expect(at(madeThere, there, 1)).toBe(at(made, 1, here));
        }
  });

  it('may have no numbers at all', () => {
    expect(backAndForth(counted(0, 3), matrix).shape).toEqual([3, 0]);
  });
});
