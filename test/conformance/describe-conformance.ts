import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Outcome, outcomeOf, type Values } from './case.js';
import { mismatch } from './compare.js';
import { readFixtures } from './fixtures.js';
import type { Host } from './host.js';
import { conformanceCases } from './suite.js';

/** Relative error allowed where numbers are IEEE singles throughout. */
export const PROCESSOR_TOLERANCE = 1e-5;

/** Shading languages promise less of `exp`, `acos`, `atan` and of the order of sums. */
export const GRAPHICS_TOLERANCE = 5e-5;

/** A start may compile hundreds of shaders on a busy machine without a graphics card. */
const PATIENCE = 15 * 60_000;

const fixtures = await readFixtures();
const cases = conformanceCases(fixtures);

/** One test a case, on one backend; or one that is skipped and says why. */
export function describeConformance(name: string, host: Host, tolerance: number): void {
  if (host.unavailable) {
    it.skip(`conformance on ${name}: ${host.unavailable}`);
    return;
  }
  describe(`conformance on ${name}`, () => {
    let outcomes: ReadonlyMap<string, Outcome>;
    let reference: ReadonlyMap<string, Values>;
    beforeAll(async () => {
      reference = await referenceValues();
      const found = await host.run(fixtures);
      outcomes = new Map(found.map((outcome) => [outcome.name, outcome]));
    }, PATIENCE);

    it.each(cases.map((one) => [one.name, one] as const))('%s', (_, one) => {
      const outcome = outcomes.get(one.name);
      expect(outcome, 'the backend broke down before this case').toBeDefined();
      expect(outcome?.error).toBeUndefined();
      const { values = {}, tensorsLeft } = outcome as Outcome;
      const expected = reference.get(one.name) ?? {};
      expect(mismatch(values, expected, tolerance * (one.slack ?? 1))).toBeUndefined();
      expect(tensorsLeft, 'tensors left behind').toBe(0);
    });
  });
}

/** What is right: independent values where there are some, else those of the cpu backend. */
async function referenceValues(): Promise<Map<string, Values>> {
  await tf.setBackend('cpu');
  const reference = new Map<string, Values>();
  for (const one of cases) {
    const expected = one.expected ?? (await outcomeOf(one)).values;
    expect(expected, `${one.name} on cpu`).toBeDefined();
    reference.set(one.name, expected as Values);
  }
  return reference;
}
