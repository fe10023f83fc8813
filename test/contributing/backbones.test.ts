import { expect, it } from 'vitest';
import * as library from '../../src/index.js';
import { expectIn, touchPoints } from './touch-points.js';

const at = touchPoints('A backbone');
const sources = at('src/backbones/');
const index = at('src/index.ts');
const fromConfig = at('src/backbones/from-config.ts');
const tests = at('test/backbones/');
const networks = at('test/conformance/networks.ts');
const page = at('docs/backbones.md');

/** Functions of options, which are a type by name or stand in the signature. */
const factories = [
  ...sources.matchAll(/^export function (\w+)\(options: (?:(\w+)|\{[^}]*\})\): Backbone \{/gm),
].map(([, name, options = '']) => [name, options] as const);

it('there are backbones to look at', () => expect(factories.length).toBeGreaterThan(2));

it.each(factories)('%s, with %s, is everywhere that a backbone is to be', (name, options) => {
  expect(library).toHaveProperty(name);
  if (options) expectIn(index, new RegExp(`\\b${options}\\b`));
  // What is read from layers is made in a file of its own.
  const made = new RegExp(
    `return make${name[0].toUpperCase()}${name.slice(1)}\\(|kind !== '${name}'\\) return [^]*?return savedLayers\\(`,
  );
  expectIn(fromConfig, made, 'made again from its config');
  expectIn(tests, new RegExp(`backboneConformance\\(\\s*'${name}\\b`), 'a conformance suite');
  expectIn(networks, new RegExp(`\\b${name}\\(`), 'its gradients on every backend');
  expectIn(page, `\`${name}\``);
});
