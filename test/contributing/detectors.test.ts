import { expect, it } from 'vitest';
import * as baselines from '../../src/baselines/index.js';
import { detectorKinds } from '../../src/baselines/kinds.js';
import { expectIn, rowsOf, sectionOf, touchPoints } from './touch-points.js';

const at = touchPoints('A detector');
const sources = at('src/baselines/');
const places = {
  table: at('src/baselines/kinds.ts'),
  index: at('src/baselines/index.ts'),
  tests: at('test/baselines/'),
  options: at('test/baselines/detector-options.test.ts'),
  page: rowsOf(at('docs/baselines.md')),
  deviations: at('docs/deviations.md') && sectionOf('docs/deviations.md', '## Other detectors'),
  benchmarks: at('benchmarks/quality/detectors.ts'),
};

const factories = [
  ...sources.matchAll(/^export function (\w+)\(\s*options: (\w+),?\s*\): Detector \{/gm),
].map(([, name, options]) => [name, options] as const);

it('there are detectors to look at', () => expect(factories.length).toBeGreaterThan(10));

it.each(factories)('%s, with %s, is everywhere that a detector is to be', (name, options) => {
  expect(Object.keys(detectorKinds)).toContain(name);
  expect(baselines).toHaveProperty(name, detectorKinds[name]);
  expectIn(places.index, new RegExp(`\\b${options}\\b`));
  expectIn(places.tests, new RegExp(`describeDetector\\(\\s*'${name}\\b`), 'a conformance suite');
  expectIn(places.options, new RegExp(`'${name}',\\s*${name},`), 'options that it refuses');
  expect(places.page.filter((row) => row.startsWith(`| \`${name}\` |`))).toHaveLength(1);
  expectIn(places.deviations, `\`${name}\``, 'its deviations');
  expectIn(places.benchmarks, `'${name}'`);
});
