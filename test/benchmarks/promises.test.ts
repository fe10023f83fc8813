import { describe, expect, it } from 'vitest';
import {
  keptPromise,
  keptSelection,
  scoreKinds,
} from '../../benchmarks/quality/promise-simulation.js';

const calibrations = 400;
const cases = [20, 50, 200].flatMap((normals) =>
  [0.01, 0.05, 0.1].map((q) => [normals, q] as const),
);

describe('simulated calibrations', () => {
  it.each(cases)('on %d normals at %d keep the promise, and the certificate', (normals, asked) => {
    for (const kind of Object.keys(scoreKinds)) {
      const kept = keptPromise(kind, normals, asked, calibrations);
      expect(kept.promised).toBeCloseTo(Math.max(asked, 1 / (normals + 1)), 12);
      expect(kept.rate).toBeLessThan(kept.promised + 4 * kept.error);
      // Four standard errors of a share of 5%.
      expect(kept.broken).toBeLessThan(0.05 + 4 * Math.sqrt(0.0475 / calibrations));
      if (kind === 'many ties') continue;
      const rank = Math.min(normals, Math.ceil((normals + 1) * (1 - asked) - 1e-9));
      const expected = (normals + 1 - rank) / (normals + 1);
      expect(Math.abs(kept.rate - expected)).toBeLessThan(4 * kept.error);
      // A certificate that is never broken would promise too little.
      expect(kept.broken).toBeGreaterThan(0.005);
    }
  });

  it('select at the rate asked for, and find what there is', () => {
    const { falseShare, error, found } = keptSelection(500, 0.1, 200);
    // Four of five images are normal: the rate is .1 * .8 for many normals.
    expect(falseShare).toBeLessThan(0.1 + 4 * error);
    expect(falseShare).toBeGreaterThan(0.05);
    expect(found).toBeGreaterThan(0.7);
    expect(keptSelection(20, 0.05, 50).found).toBe(0);
  });
});
