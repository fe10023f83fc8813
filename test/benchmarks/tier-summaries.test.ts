import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { parseSummaries, tierSummaries } from '../../benchmarks/quality/tier-summaries.js';

it('summaries of version 0.1 are read in the names and constants of the code', async () => {
  const [stored] = JSON.parse(
    await readFile(
      new URL('../../benchmarks/quality/results/tier-2.json', import.meta.url),
      'utf8',
    ),
  );
  const [summary] = await tierSummaries('2');
  expect(summary.rows.length).toBe(stored.rows.length);
  expect(summary.pairs.length).toBe(stored.pairs.length);
  for (const { choice, anomalies, scoreMethod, afterEvaluation } of summary.rows) {
    expect(['labelFree', 'validationChosen']).toContain(choice);
    expect(['score', 'relative', 'angular', 'reconstructionError']).toContain(scoreMethod);
    expect(typeof afterEvaluation).toBe('boolean');
    expect(anomalies).not.toHaveProperty('kinds');
  }
  expect(summary.rows.map(({ areaUnderRoc }) => areaUnderRoc)).toEqual(
    stored.rows.map((row: { areaUnderRoc: unknown }) => row.areaUnderRoc),
  );
  const attributes = summary.shortcuts?.['nih-cxr'].map(({ attribute }) => attribute);
  expect(attributes).toContain('originalSize');
  expect(attributes).toContain('view');
});

it('summaries in the words of the code stay as they are', () => {
  const summary = {
    config: { choices: ['labelFree'], detectors: [{ scoreMethods: ['relative'] }] },
    rows: [{ choice: 'labelFree', scoreMethod: 'runningBankAngular', detector: 'label-free' }],
    pairs: [],
    shortcuts: { chest: [{ attribute: 'imageSize' }] },
  };
  expect(parseSummaries(JSON.stringify([summary]))).toEqual([summary]);
});

it('a tier that was not run has none', async () => {
  expect(await tierSummaries('0')).toEqual([]);
});
