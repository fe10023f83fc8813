import { describe, expect, it } from 'vitest';
import { fitThreshold } from '../../src/core/calibration.js';
import { RandomStream } from '../../src/support/random.js';

type Draw = (random: RandomStream) => number;

const gaussian: Draw = (random) => random.gaussian();
const kinds: Record<string, Draw> = {
  gaussian,
  exponential: (random) => -Math.log(1 - random.uniform()),
  'of heavy tails': (random) => Math.tan(Math.PI * (random.uniform() - 0.5)),
  'of many ties': (random) => Math.round(2 * random.gaussian()),
  'with one odd normal in twenty': (random) =>
    random.gaussian() + (random.uniform() < 0.05 ? 6 : 0),
};

/** Recalibrated on m local normals again and again: the share of new ones that reach the threshold, and of abnormal ones. */
function recalibrated(m: number, draw: Draw, shift: number, trials = 4000) {
  const random = new RandomStream(6, ['recalibrated', m]);
  let [alarms, found, promised] = [0, 0, 0];
  for (let trial = 0; trial < trials; trial++) {
    const { value, falseAlarmRate } = fitThreshold(Array.from({ length: m }, () => draw(random)));
    promised = falseAlarmRate as number;
    for (let i = 0; i < 5; i++) {
      if (draw(random) >= value) alarms += 1;
      if (draw(random) + shift >= value) found += 1;
    }
  }
  return { alarms: alarms / (5 * trials), found: found / (5 * trials), promised };
}

describe('a threshold that is set again by m local normals', () => {
  const counts = [10, 20, 50, 100];
  const cases = Object.keys(kinds).flatMap((kind) => counts.map((m) => [kind, m] as const));

  it.each(cases)('scores %s, m = %d: no more false alarms than promised', (kind, m) => {
    const { alarms, promised } = recalibrated(m, kinds[kind], 0);
    expect(promised).toBeCloseTo(m < 19 ? 1 / (m + 1) : 0.05, 12);
    // Four standard errors of 20,000 clustered draws: .008 at m = 10, less above.
    expect(alarms).toBeLessThan(promised + (m < 19 ? 0.008 : 0.006));
    if (kind === 'of many ties') return;
    const rank = Math.min(m, Math.ceil((m + 1) * 0.95 - 1e-9));
    expect(Math.abs(alarms - (m + 1 - rank) / (m + 1))).toBeLessThan(m < 19 ? 0.008 : 0.006);
  });

  it.each([
    // numpy, 200,000 draws: at an AUC of .85 a threshold of all normals finds .429.
    [20, 0.364],
    [50, 0.357],
    [100, 0.414],
  ])('m = %d finds %d of what lies 1.466 deviations above', (m, expected) => {
    const { found } = recalibrated(m, gaussian, 1.4658, 8000);
    expect(Math.abs(found - expected)).toBeLessThan(0.012);
  });
});
