import { readdirSync, readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  anomalyScore,
  bankAngles,
  defaultSettings,
  MemoryBank,
  nihPreset,
  ProgressiveNeighborhoodScheduler,
  saladLoss,
} from '../../src/index.js';
import { trainOn } from './held-models.js';

const core = new URL('../../src/core/', import.meta.url);
const page = readFileSync(new URL('../../docs/model.md', import.meta.url), 'utf8');
const bare = (text: string) => text.replace(/[`']/g, '').trim();

/** The table: setting, then the model's default, the functions with theirs, and the paper's value. */
const rows = page
  .split('### Where the model and the functions differ')[1]
  .split('\n\nAblations')[0]
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split('|').slice(1, -1).map(bare));

/** Settings of the model that have another name in the functions of the core. */
const settingOf: Readonly<Record<string, string>> = {
  error: 'reconstructionError',
  reduction: 'reconstructionReduction',
};

/** Defaults that the doc comments of the core state, by the name of the setting. */
function documentedDefaults(): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  // `method` of calibration.ts is the normalizer's.
  for (const file of readdirSync(core).filter((name) => name !== 'calibration.ts')) {
    const text = readFileSync(new URL(file, core), 'utf8');
    const options = text.matchAll(/@defaultValue ([^\n]+?)\s*\*\/\s*(?:readonly )?(\w+)\?:/g);
    for (const [, value, name] of options) {
      const setting = settingOf[name] ?? name;
      if (!(setting in defaultSettings)) continue;
      found.set(setting, (found.get(setting) ?? new Set()).add(bare(value)));
    }
  }
  return found;
}

describe('docs/model.md lists where the model and the functions of the core differ', () => {
  it('has every setting whose default differs, and no other', () => {
    const documented = documentedDefaults();
    expect(documented.size).toBeGreaterThan(12);
    const differing = [...documented].filter(
      ([name, values]) =>
        [...values].join() !== String(defaultSettings[name as keyof typeof defaultSettings]),
    );
    expect(rows.map(([name]) => name).sort()).toEqual(differing.map(([name]) => name).sort());
    for (const [name, model, functions] of rows) {
      expect(model).toBe(String(defaultSettings[name as keyof typeof defaultSettings]));
      expect([functions.split(': ')[1]]).toEqual([...(documented.get(name) ?? [])]);
    }
  });

  it("names the paper's values as the preset has them", () => {
    for (const [name, , , paper] of rows) {
      const value = String(nihPreset[name as keyof typeof nihPreset]);
      expect(paper).toBe(name === 'lossScale' ? 'Eq. 3 as printed' : value);
      if (name === 'lossScale') expect(value).toBe('paper');
    }
  });

  describe('and the functions do as documented', () => {
    beforeAll(() => trainOn('cpu'));

    it.each(rows.map(([name, , functions]) => [name, functions.split(': ')[1]]))(
      '%s is %s where it is left out',
      async (name, written) => {
        const value = Number.isNaN(Number(written)) ? written : Number(written);
        const own = defaultSettings[name as keyof typeof defaultSettings];
        const outcomes = await Promise.all(
          [{}, { [name]: value }, { [name]: own }].map((options) => outcome(name, options)),
        );
        expect(outcomes[0]).toEqual(outcomes[1]);
        expect(outcomes[0]).not.toEqual(outcomes[2]);
      },
    );
  });
});

/** What the functions that have the option give for it. */
async function outcome(name: string, options: object): Promise<unknown> {
  if (name === 'rounds') return new ProgressiveNeighborhoodScheduler(options).rounds;
  if (name === 'latentWeight' || name === 'lossScale') {
    const terms = { reconstruction: tf.tensor1d([0.3, 0.5]), latent: tf.tensor1d([2, 4]) };
    return saladLoss(terms, { pixelVariance: 0.2, bankSize: 120, ...options }).data();
  }
  const bank = MemoryBank.random({ size: 120, dim: 4, seed: 1 });
  const embeddings = tf.slice(bank.rows, [0, 0], [3, 4]);
  const { scores } = anomalyScore(embeddings, bank, options);
  const angles = name === 'scoreNeighbors' ? bankAngles(embeddings, bank, options) : undefined;
  return [await scores.data(), angles?.scoreNeighbors];
}
