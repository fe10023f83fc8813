import { expect, test } from 'vitest';
import { figures } from '../../src/report/index.js';
import { parseSvg, pointsOf } from './parse.js';

const history = Array.from({ length: 6 }, (_, epoch) => ({
  epoch,
  round: Math.floor(epoch / 2),
  loss: 6 - epoch,
  reconstruction: 0.06 - 0.01 * epoch,
  latent: 5 + epoch,
  validationAuc: epoch % 2 === 0 ? 0.5 + epoch / 20 : undefined,
}));

const lineOf = (svg: ReturnType<typeof parseSvg>, name: string) =>
  pointsOf(svg.querySelector(`path[aria-label="${name}"]`)!);

test('each measure has a line through its own values', async () => {
  const svg = parseSvg(await figures.trainingHistory(history));
  for (const [name, key] of [
    ['loss', 'loss'],
    ['reconstruction', 'reconstruction'],
    ['latent loss (nats)', 'latent'],
  ] as const) {
    const points = lineOf(svg, name);
    expect(points).toHaveLength(6);
    const scale = (points[5].y - points[0].y) / (history[5][key] - history[0][key]);
    expect(scale).toBeLessThan(0);
    for (const [i, { y }] of points.entries()) {
      expect(y - points[0].y).toBeCloseTo(scale * (history[i][key] - history[0][key]), 1);
    }
  }
});

test('an epoch that was not validated is passed over', async () => {
  const svg = parseSvg(await figures.trainingHistory(history));
  const losses = lineOf(svg, 'loss');
  const areas = lineOf(svg, 'validation AUC');
  expect(areas.map(({ x }) => x)).toEqual([losses[0].x, losses[2].x, losses[4].x]);
});

test('a rule stands between the last epoch of a round and the first of the next', async () => {
  const svg = parseSvg(
    await figures.trainingHistory(
      history.map(({ epoch, round, loss }) => ({ epoch, round, loss })),
    ),
  );
  const { 1: before, 2: after } = lineOf(svg, 'loss');
  const rules = svg.querySelectorAll('g[aria-label="rule"] line');
  expect(rules).toHaveLength(2);
  expect(Number(rules[0].getAttribute('x1'))).toBeCloseTo((before.x + after.x) / 2, 2);
});

test('a measure without a value has no panel', async () => {
  const bare = history.map(({ epoch, round, loss }) => ({ epoch, round, loss }));
  const svg = parseSvg(await figures.trainingHistory(bare));
  expect(svg.querySelectorAll('path[aria-label]')).toHaveLength(1);
  await expect(figures.trainingHistory([{ epoch: 0, round: 0 }])).rejects.toMatchObject({
    code: 'EMPTY_SET',
  });
});
