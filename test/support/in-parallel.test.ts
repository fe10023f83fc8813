import { describe, expect, it } from 'vitest';
import { inParallel } from '../../src/support/in-parallel.js';

const turn = () => new Promise<void>((resolve) => setTimeout(resolve));

describe('inParallel', () => {
  it.each([1, 3, 20])('begins jobs in order, at most %i at once', async (concurrency) => {
    const begun: number[] = [];
    let under = 0;
    let most = 0;
    await inParallel(concurrency, { first: 2, end: 12 }, async (index) => {
      begun.push(index);
      most = Math.max(most, ++under);
      await turn();
      under -= 1;
    });
    expect(begun).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(most).toBe(Math.min(concurrency, 10));
    expect(under).toBe(0);
  });

  it('begins no job after the first failure, and settles when those under way have ended', async () => {
    const begun: number[] = [];
    let ended = 0;
    const work = inParallel(3, { end: 10 }, async (index) => {
      begun.push(index);
      if (index === 1) throw new Error('one');
      await turn();
      ended += 1;
      if (index === 2) throw new Error('two');
    });
    await expect(work).rejects.toThrow('one');
    expect(begun).toEqual([0, 1, 2]);
    expect(ended).toBe(2);
  });
});
