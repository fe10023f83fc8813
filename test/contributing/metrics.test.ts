import { it } from 'vitest';
import * as metrics from '../../src/metrics/index.js';
import { expectIn, sourcesIn, textOf, touchPoints } from './touch-points.js';

const at = touchPoints('A metric');
at('src/metrics/');
at('src/metrics/index.ts');
at('test/metrics/');
const page = at('docs/metrics.md');
// Those of errors.test.ts are refusals: they show no value.
const tests = sourcesIn('test/metrics/').filter((file) => !file.endsWith('errors.test.ts'));
const shown = tests.map(textOf).join('\n');

/** Every function, those that stand in an object together as `object.member`. */
const functions = Object.entries(metrics).flatMap(([name, value]) =>
  typeof value === 'function' ? [name] : Object.keys(value).map((member) => `${name}.${member}`),
);

it.each(functions)('%s has a value in a test and is on the page', (name) => {
  expectIn(shown, new RegExp(`\\b${name}\\(`));
  expectIn(page, new RegExp(`\`${name}\\b`));
});
