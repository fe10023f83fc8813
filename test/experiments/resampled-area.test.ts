import { expect, it } from 'vitest';
import { resampledArea } from '../../src/experiments/resampled-area.js';
import { areaUnderRoc, areaUnderRocWithin, pick } from '../../src/metrics/index.js';
import { RandomStream } from '../../src/support/random.js';

const stream = new RandomStream(5, ['resampled area']);
const count = 60;
const labels = Array.from({ length: count }, (_, i) => Number(i % 3 === 0));
// Many ties.
const scores = Array.from({ length: count }, () => Math.floor(8 * stream.uniform()));
const strata = Array.from({ length: count }, (_, i) => ['AP', 'PA', 'LL'][(i % 7) % 3]);

it('is the area of the images that were drawn, ties and repeats included', () => {
  const area = resampledArea(scores, labels);
  const within = resampledArea(scores, labels, strata);
  for (let draw = 0; draw < 20; draw++) {
    const drawn = Array.from({ length: count }, () => Math.floor(count * stream.uniform()));
    const times = new Int32Array(count);
    for (const image of drawn) times[image] += 1;
    const [some, among] = [pick(scores, drawn), drawn.map((image) => strata[image])];
    const drawnLabels = pick(labels, drawn);
    expect(area(times)).toBeCloseTo(areaUnderRoc(some, drawnLabels), 12);
    expect(within(times)).toBeCloseTo(areaUnderRocWithin(some, drawnLabels, among).estimate, 12);
  }
});

it('has no area without a pair', () => {
  expect(resampledArea([1, 2], [0, 1], ['AP', 'PA'])([1, 1])).toBeNaN();
});
