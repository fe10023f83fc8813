import { describe, expect, it } from 'vitest';
import { Evidence } from '../../src/monitor/evidence.js';
import { NumberRanks, WordRanks } from '../../src/monitor/ranks.js';
import fixture from '../fixtures/monitor.json' with { type: 'json' };

describe('ranks', () => {
  it('are those of nonconform, ties and a reference among them', () => {
    for (const { reference, scores, draws, pValues } of fixture.ranks) {
      const ranks = new NumberRanks();
      for (const score of reference) ranks.prime(score);
      const found = scores.map((score, i) => ranks.add(score, draws[i]));
      found.forEach((p, i) => {
        expect(p).toBeCloseTo(pValues[i], 14);
      });
    }
  });

  it('of words count the rarer ones, itself included', () => {
    const ranks = new WordRanks([
      ['PA', 8],
      ['AP', 2],
    ]);
    // AP is 3 of 11 then, and rarer than PA.
    expect(ranks.add('AP', 0.5)).toBeCloseTo((0.5 * 3) / 11, 15);
    // PA is 9 of 12: the 3 of AP are rarer.
    expect(ranks.add('PA', 0.25)).toBeCloseTo((3 + 0.25 * 9) / 12, 15);
    expect(ranks.add('lateral', 0.5)).toBeCloseTo(0.5 / 13, 15);
    // As often as the lateral one: both count as equal.
    expect(ranks.add('oblique', 0.5)).toBeCloseTo((0.5 * 2) / 14, 15);
  });
});

describe('evidence', () => {
  it("is that of nonconform's mixture, begun again at every film", () => {
    for (const { pValues, logEvidence } of fixture.evidence) {
      const evidence = Evidence.none();
      pValues.forEach((p, i) => {
        evidence.add(p);
        const off = Math.abs(evidence.log - logEvidence[i]);
        expect(off).toBeLessThan(1e-11 * Math.max(1, Math.abs(logEvidence[i])));
      });
      expect(evidence.highest).toBeCloseTo(Math.max(0, ...logEvidence), 9);
    }
  });

  it('of one film is what the bets say of it', () => {
    const evidence = Evidence.none();
    evidence.add(0.2);
    const powers = [0.1, 0.3, 0.5, 0.7, 0.9];
    const low = powers.map((e) => e * 0.2 ** (e - 1));
    const high = powers.map((e) => e * 0.8 ** (e - 1));
    const jumper = (1.3 + 1 + 0.7) / 3;
    const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
    const bets = (sum(low) + sum(high)) / 15 + jumper / 3;
    // Half of the stake waits.
    expect(Math.exp(evidence.log)).toBeCloseTo(bets / 2 + 1 / 2, 14);
  });
});
