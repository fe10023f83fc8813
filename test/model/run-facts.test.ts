import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { subset } from '../../src/data/index.js';
import type { SaladModel } from '../../src/index.js';
import { VERSION } from '../../src/support/version.js';
import { expectNoLeak, useBackend } from '../support/backends.js';
import { codeOf, labelled, tinyModel } from './tiny.js';

describe('runFacts', () => {
  const train = labelled([0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
  let model: SaladModel;
  beforeAll(async () => {
    await useBackend('cpu');
    model = tinyModel();
    await model.fit(train);
  });
  afterAll(() => model.dispose());

  const factsOf = async (options?: Parameters<SaladModel['runFacts']>[0]) =>
    Object.fromEntries((await model.runFacts(options)).map(({ name, value }) => [name, value]));

  it('say what the model is, what it learnt from and on what it ran', async () => {
    const facts = await factsOf({ command: 'npx tsx mine.ts' });
    expect(facts).toMatchObject({
      Command: 'npx tsx mine.ts',
      'Learnt from': `9 normal images and 1 known anomaly, ${model.history.length} epochs`,
      Seed: model.settings.seed,
      Recipe: 'none: it learnt from arrays',
      Backend: 'cpu',
    });
    expect(JSON.parse(String(facts.Settings))).toEqual(JSON.parse(JSON.stringify(model.settings)));
    expect(facts.Versions).toMatch(/^salad-ad .*, TensorFlow\.js \d.*, Node \d/);
  });

  it('hash data by what is read, and the bank by its rows', async () => {
    const facts = await factsOf({ data: { train, 'the first': subset(train, [0]) } });
    const again = await factsOf({ data: { train: labelled([0, 0, 0, 0, 0, 0, 0, 0, 0, 1]) } });
    expect(facts['Images, train']).toMatch(/^10, SHA-256 [0-9a-f]{64}$/);
    expect(again['Images, train']).toBe(facts['Images, train']);
    expect(again['Bank, SHA-256']).toBe(facts['Bank, SHA-256']);
    const other = await factsOf({ data: { train: labelled([0, 0, 0, 0, 0, 0, 0, 0, 0, 1], 2) } });
    expect(other['Images, train']).not.toBe(facts['Images, train']);
    expect(facts['Images, the first']).toMatch(/^1, /);
  });

  it('leave no tensor behind, and are refused of a model that learnt nothing', async () => {
    await expectNoLeak(() => model.runFacts());
    const empty = tinyModel();
    expect(await codeOf(() => empty.runFacts())).toBe('NOT_FITTED');
    empty.dispose();
  });

  it('tell the version of the package', async () => {
    const file = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
    expect(VERSION).toBe(JSON.parse(file).version);
  });
});
