import { describe, expect, it } from 'vitest';
import {
  compareWith,
  type DataFacts,
  type ExperimentResults,
  experimentTables,
  pairedTable,
  type RunRecord,
  ratioSeries,
  sideBySideTable,
  summarize,
} from '../../src/experiments/index.js';
import { meanInterval, studentHalfWidth } from '../../src/experiments/mean-interval.js';
import { codeOf } from '../model/tiny.js';

const LABELS = [0, 0, 0, 0, 1, 1];

/** Results made by hand: one data set of six images, and the test scores of each detector by seed. */
function resultsOf(
  scores: Readonly<Record<string, readonly (readonly number[] | string)[]>>,
  facts: Partial<DataFacts['test']> = {},
  findings?: readonly string[],
): ExperimentResults {
  const anomalies = { ratio: 0.05, form: 'added', ...(findings && { findings }) } as const;
  const counts = { images: 6, abnormal: 2 };
  const cells = Object.entries(scores).flatMap(([detector, runs]) =>
    runs.map((values, seed) => ({
      dataSet: 'chest',
      detector,
      anomalies,
      seed,
      choice: 'labelFree' as const,
      id: `${detector}-${seed}`,
      run: runOf(`${detector}-${seed}`, values) as unknown as RunRecord,
    })),
  );
  return {
    config: {
      dataSets: ['chest'],
      inputShape: [8, 8, 1],
      detectors: Object.keys(scores).map((name) => ({ name, kind: 'any' })),
      anomalies: [anomalies],
      seeds: [0, 1],
    },
    data: {
      chest: {
        formatVersion: 1,
        name: 'chest',
        hash: 'feed',
        train: { images: 9, abnormal: 3 },
        validation: counts,
        test: {
          ...counts,
          labels: LABELS,
          texture: [0, 0, 1, 1, 0, 1],
          brightness: [0, 1, 0, 1, 0, 1],
          hash: 'fedcba9876543210',
          shortcuts: [],
          ...facts,
        },
      },
    },
    cells,
  };
}

function runOf(id: string, values: readonly number[] | string) {
  const shared = { id, warnings: [], seconds: 2, peakMemory: 2 ** 21 };
  if (typeof values === 'string')
    return { ...shared, status: 'failed', error: { code: values, message: '' } };
  return {
    ...shared,
    status: 'done',
    tried: [{ validationAuc: 0.75, checkpoints: 1 }],
    setting: 0,
    validation: { labels: [0, 1, 0], scores: { score: [0.1, 0.5, 0.7] } },
    test: { labels: LABELS, scores: { score: values } },
  };
}

// The anomalies beat 4 of 4 and 2 of 4 normals; 3 of 4 and 1 of 4.
const threeQuarters = [0.1, 0.2, 0.5, 0.6, 0.9, 0.3];
const half = [0.1, 0.2, 0.5, 0.6, 0.55, 0.15];

describe('tables', () => {
  it('are what can be counted by hand', () => {
    const [row] = summarize(resultsOf({ a: [threeQuarters, half] }));
    expect(row.seeds.map(({ areaUnderRoc }) => areaUnderRoc)).toEqual([0.75, 0.5]);
    expect(row.areaUnderRoc?.mean).toBe(0.625);
    // |.75 - .5| / sqrt(2)
    expect(row.areaUnderRoc?.standardDeviation).toBeCloseTo(0.1767766952966369, 12);
    // Precision at the ranks of the anomalies: 1/1 and 2/4; 1/2 and 2/5.
    expect(row.averagePrecision?.mean).toBeCloseTo((0.75 + 0.45) / 2, 12);
    // Quarter 0: .9 beats two of two, .55 too; quarter 1: .3 and .15 beat none of two.
    expect(row.withinTexture?.mean).toBe(0.5);
    // Quarter 0: .9 and .55 beat .1 and .5; quarter 1: .3 beats .2 of .2 and .6, .15 neither.
    expect(row.withinBrightness?.mean).toBe((3 / 4 + 2 / 4) / 2);
    expect(row.validationAuc?.mean).toBe(0.5);
    expect(row.distinctScores).toBe(6);
    expect(row.peakMemory).toBe(2 ** 21);
  });

  it('say mean and 1.96 standard deviations, and the prevalence', () => {
    const text = experimentTables(resultsOf({ a: [threeQuarters, half] }));
    expect(text).toContain(
      '| known anomalies | detector | AUC, label-free | AUPRC (prevalence 0.333), label-free | seeds |',
    );
    expect(text).toContain('| 5% added | a | 0.625 +- 0.346 | 0.600 +- 0.416 | 2 |');
  });

  it('say in words where one attribute alone is near a row', () => {
    const area = (estimate: number) => ({ estimate, lower: 0.5, upper: 1, standardError: 0.1 });
    const shortcut = { images: 6, abnormal: 'lower' };
    const shortcuts = [
      { ...shortcut, attribute: 'brightness', area: area(0.71) },
      { ...shortcut, attribute: 'fineTexture', area: area(0.56) },
    ] as const;
    const text = experimentTables(
      resultsOf({ a: [threeQuarters], b: [half] }, { shortcuts } as never),
    );
    // .75 is within .05 of .71, and .5 below both.
    expect(text).toContain(
      'or above it: brightness .710 for 2 of 2 rows; fine texture .560 for 1 of 2 rows.',
    );
    expect(text).toContain('| brightness .710, fine texture .560 |');
    const far = [{ ...shortcut, attribute: 'brightness', area: area(0.6) }];
    const apart = experimentTables(resultsOf({ a: [threeQuarters] }, { shortcuts: far } as never));
    expect(apart).toContain('brightness (lower) 0.600');
    expect(apart).not.toContain('One attribute alone is less');
    expect(apart).not.toContain('one attribute less than .05 below');
  });

  it('show failed runs rather than drop them', () => {
    const text = experimentTables(
      resultsOf({ a: [threeQuarters, 'TRAINING_DIVERGED'], b: ['RUN_LOST', 'RUN_LOST'] }),
    );
    expect(text).toContain('| 5% added | a | 0.750 (1 failed) | 0.750 | 1 |');
    expect(text).toContain('| 5% added | b | (2 failed) |  | 0 |');
    expect(text).toContain('- a, label-free, known anomalies: 5% added, seed 1: TRAINING_DIVERGED');
  });

  it('say by which score the model of another score method was chosen', () => {
    const free = resultsOf({ a: [half] });
    const run = free.cells[0].run as RunRecord & { status: 'done' };
    const seen = run.validation.scores.score;
    const both = {
      ...run,
      validation: { ...run.validation, scores: { score: seen, other: seen } },
      test: { ...run.test, scores: { score: half, other: threeQuarters } },
    };
    const results = (choice: 'labelFree' | 'validationChosen'): ExperimentResults => ({
      ...free,
      config: { ...free.config, detectors: [{ name: 'a', kind: 'any', scoreMethods: ['other'] }] },
      cells: [{ ...free.cells[0], choice, run: both }],
    });
    const remark = "model chosen by the detector's own score";
    const lines = experimentTables(results('validationChosen')).split('\n');
    expect(lines.filter((line) => line.includes(remark))).toEqual([
      expect.stringContaining('| a, other | validation-chosen |'),
    ]);
    expect(experimentTables(results('labelFree'))).not.toContain(remark);
  });

  it('count within views by pairs, and by finding', () => {
    const views = ['AP', 'AP', 'AP', 'PA', 'AP', 'PA'];
    const findings = [[], [], [], [], ['Mass'], ['Mass', 'Nodule']];
    const [row] = summarize(resultsOf({ a: [threeQuarters] }, { views, findings }, ['Nodule']));
    // AP: .9 beats three of three; PA: .3 does not beat .6.
    expect(row.withinViews?.mean).toBe(3 / 4);
    expect(row.byView).toEqual({ AP: { mean: 1, count: 1 }, PA: { mean: 0, count: 1 } });
    expect(row.byFinding?.Mass.mean).toBe(0.75);
    expect(row.byFinding?.Nodule.mean).toBe(0.5);
    expect(row.seenFindings?.mean).toBe(0.5);
    expect(row.unseenFindings?.mean).toBe(1);
    const text = experimentTables(
      resultsOf({ a: [threeQuarters] }, { views, findings }, ['Nodule']),
    );
    expect(text).toContain(
      '| AUC, seen findings | AUC, unseen findings | AUC, Mass (2) | AUC, Nodule (1) |',
    );
  });
});

describe('sideBySideTable', () => {
  const here = summarize(resultsOf({ a: [threeQuarters, half], b: [half] }));
  const there = here.slice(0, 1).map((row) => ({ ...row, dataSet: 'knee' }));

  it('has a column a data set, and nothing where a detector was not run', () => {
    const text = sideBySideTable([...here, ...there], { choice: 'labelFree' });
    expect(text.split('\n')).toEqual([
      '| known anomalies | detector | chest | knee |',
      '|---|---|---|---|',
      '| 5% added | a | 0.625 +- 0.346 | 0.625 +- 0.346 |',
      '| 5% added | b | 0.500 |  |',
    ]);
  });

  it('says how many runs failed, and where', () => {
    const failed = summarize(resultsOf({ a: ['RUN_LOST', half], b: ['RUN_LOST', 'RUN_LOST'] }));
    const knee = failed.map((row) => ({ ...row, dataSet: 'knee' }));
    const text = sideBySideTable([...here, ...knee], { choice: 'labelFree' });
    expect(text).toContain('| 5% added | a | 0.625 +- 0.346 | 0.500 (1 failed) |');
    expect(text).toContain('| 5% added | b | 0.500 | (2 failed) |');
  });

  it('leaves out the other choice and rows of known findings', () => {
    expect(sideBySideTable(here, { choice: 'validationChosen' })).toBe('');
    const ofFindings = summarize(resultsOf({ a: [half] }, {}, ['Mass']));
    expect(sideBySideTable(ofFindings, { choice: 'labelFree' })).toBe('');
  });

  it('refuses two rows of one place', async () => {
    const twice = () => sideBySideTable([...here, ...here], { choice: 'labelFree' });
    expect(await codeOf(twice)).toBe('INVALID_OPTION');
    expect(twice).toThrow("2 rows are 'a' on 'chest' with known anomalies: 5% added");
  });
});

describe('ratioSeries', () => {
  const place = { dataSet: 'chest', choice: 'labelFree' } as const;

  it('has a point a share: mean and 1.96 standard deviations, none of a single seed', () => {
    const rows = summarize(resultsOf({ a: [threeQuarters, half], b: [half], c: ['RUN_LOST'] }));
    expect(ratioSeries(rows, place)).toEqual([
      { name: 'a', points: [{ ratio: 0.05, mean: 0.625, spread: 1.96 * Math.sqrt(0.03125) }] },
      { name: 'b', points: [{ ratio: 0.05, mean: 0.5 }] },
      { name: 'c', points: [] },
    ]);
  });

  it('leaves out rows of known findings, of other sets and of the other choice', () => {
    expect(ratioSeries(summarize(resultsOf({ a: [half] }, {}, ['Mass'])), place)).toEqual([]);
    const rows = summarize(resultsOf({ a: [half] }));
    expect(ratioSeries(rows, { ...place, dataSet: 'knee' })).toEqual([]);
    expect(ratioSeries(rows, { ...place, choice: 'validationChosen' })).toEqual([]);
  });

  it('begins the curves of both forms, and that of one, where no anomalies are known', () => {
    const [row] = summarize(resultsOf({ a: [half] }));
    const at = (ratio: number, form: 'added' | 'replacing') => ({
      ...row,
      anomalies: { ratio, form },
    });
    const ratios = (rows: ReturnType<typeof at>[]) =>
      ratioSeries(rows, place).map(({ name, points }) => [name, points.map(({ ratio }) => ratio)]);
    const [none, replacing] = [at(0, 'added'), at(0.05, 'replacing')];
    expect(ratios([none, replacing])).toEqual([['a', [0, 0.05]]]);
    expect(ratios([none, replacing, at(0.1, 'added')])).toEqual([
      ['a (replacing)', [0, 0.05]],
      ['a (added)', [0, 0.1]],
    ]);
  });

  it('has a curve a form where anomalies were added and replacing', () => {
    const added = summarize(resultsOf({ a: [half] }));
    const replacing = added.map((row) => ({
      ...row,
      anomalies: { ratio: 0.05, form: 'replacing' as const },
    }));
    expect(ratioSeries([...added, ...replacing], place)).toEqual([
      { name: 'a (added)', points: [{ ratio: 0.05, mean: 0.5 }] },
      { name: 'a (replacing)', points: [{ ratio: 0.05, mean: 0.5 }] },
    ]);
  });
});

describe('compareWith', () => {
  it('has the gain on unseen findings, whatever the seen ones score', () => {
    const findings = [[], [], [], [], ['Mass'], ['Nodule']];
    const results = resultsOf({ a: [threeQuarters], b: [half] }, { findings }, ['Nodule']);
    const [pair] = compareWith(results, { reference: 'a', replicates: 10 });
    // Of the mass alone: .9 beats four of four, .55 three of four.
    expect(pair.unseenFindings?.difference).toBeCloseTo(1 / 4, 12);
    expect(experimentTables(results, { pairs: [pair] })).toContain('unseen findings, over seeds');
    const [known] = compareWith(resultsOf({ a: [half], b: [half] }, { findings }), {
      reference: 'a',
      replicates: 10,
    });
    expect(known.unseenFindings).toBeUndefined();
  });

  it('gives the pairs that the tables print', () => {
    const results = resultsOf({ a: [threeQuarters, half], b: [half, half] });
    const pairs = compareWith(results, { reference: 'a', replicates: 10 });
    const text = experimentTables(results, { pairs });
    expect(text).toContain('AUC of a detector minus that of another');
    expect(text).toContain('| 5% added | a | b | label-free | +0.125 |');
    expect(experimentTables(results)).not.toContain('minus that of another');
    const elsewhere = pairs.map((pair) => ({ ...pair, dataSet: 'knee' }));
    expect(pairedTable([...pairs, ...elsewhere])).toContain('| knee | 5% added | a | b |');
  });

  it('has the interval of the mean of paired differences', () => {
    const [pair] = compareWith(
      resultsOf({ a: [threeQuarters, half], b: [half, half], c: ['RUN_LOST', half] }),
      { reference: 'a', replicates: 200 },
    );
    expect(pair.detector).toBe('b');
    expect(pair.difference).toBe(0.125);
    // scipy 1.17.1: t.interval(.95, 1, .125, sem([.25, 0]))
    expect(pair.overSeeds?.lower).toBeCloseTo(0.125 - 12.706204736174694 * 0.125, 9);
    expect(pair.overSeeds?.upper).toBeCloseTo(0.125 + 12.706204736174694 * 0.125, 9);
    expect(pair.overImages.lower).toBeLessThanOrEqual(0.125);
    expect(pair.overImages.upper).toBeGreaterThanOrEqual(0.125);
    expect(pair.verdict).toBe('undecided');
  });

  it('calls a difference by its interval over seeds, and a tie by its width', () => {
    const verdict = (a: number[][], b: number[][]) =>
      compareWith(resultsOf({ a, b }), { reference: 'a', replicates: 10 })[0].verdict;
    expect(verdict([half, half], [half, half])).toBe('tied');
    expect(verdict([threeQuarters, threeQuarters], [half, half])).toBe('better');
    expect(verdict([half, half], [threeQuarters, threeQuarters])).toBe('worse');
    expect(verdict([threeQuarters, half], [half, threeQuarters])).toBe('undecided');
    expect(verdict([half], [half])).toBe('undecided');
  });

  it('has the gain among images alike in texture or view, counted by hand', () => {
    const views = ['AP', 'AP', 'AP', 'PA', 'AP', 'PA'];
    const lowest = [0.3, 0.4, 0.5, 0.6, 0.1, 0.2];
    const [pair] = compareWith(
      resultsOf({ a: [threeQuarters, half], b: [lowest, lowest] }, { views }),
      { reference: 'a', replicates: 50 },
    );
    // Quarter 0: .9 and .55 beat two of two; quarter 1: nothing is won. b wins nothing at all.
    expect(pair.withinTexture?.difference).toBe(0.5);
    expect(pair.withinTexture?.verdict).toBe('better');
    // .9 and .55 beat two of two, b nothing; .3 beats .2, .15 nothing, b nothing either.
    expect(pair.withinBrightness?.difference).toBe((3 / 4 + 2 / 4) / 2);
    expect(pair.withinTexture?.overSeeds).toEqual({ estimate: 0.5, lower: 0.5, upper: 0.5 });
    // AP: .9 and .55 beat three of three; PA: neither beats .6.
    expect(pair.withinViews?.difference).toBe(0.75);
    const [apart] = compareWith(
      resultsOf({ a: [half], b: [half] }, { texture: [0, 0, 0, 0, 1, 1] }),
      {
        reference: 'a',
        replicates: 5,
      },
    );
    expect(apart.withinTexture).toBeUndefined();
    expect(apart.withinViews).toBeUndefined();
  });

  it('draws whole patients', () => {
    const one = { reference: 'a', replicates: 300 };
    const scores = { a: [threeQuarters], b: [half] };
    const [alone] = compareWith(resultsOf(scores), one);
    // All anomalies of one patient and all normals of another: every resample is the set itself.
    const [grouped] = compareWith(resultsOf(scores, { patientNumbers: [0, 0, 0, 0, 1, 1] }), one);
    expect(grouped.overImages).toEqual({ estimate: 0.25, lower: 0.25, upper: 0.25 });
    expect(alone.overImages.lower).toBeLessThan(0.25);
  });

  it('draws patients for one another whatever strata their images are of', () => {
    // Nobody shares another's mixture of class and quarter.
    const facts = { texture: [0, 1, 0, 1, 0, 1], patientNumbers: [0, 0, 1, 2, 3, 4] };
    const [{ withinTexture }] = compareWith(resultsOf({ a: [threeQuarters], b: [half] }, facts), {
      reference: 'a',
      replicates: 300,
    });
    // .9 beats two of two and .55 too; .3 beats one of two, .15 none.
    expect(withinTexture?.difference).toBe(0.25);
    expect(withinTexture?.overImages.lower).toBeLessThan(0.25);
    expect(withinTexture?.overImages.upper).toBeGreaterThan(0.25);
  });

  it('has an interval though some resamples hold no pair of one stratum', () => {
    const facts = { texture: [0, 1, 2, 3, 0, 4] };
    const [{ withinTexture }] = compareWith(resultsOf({ a: [threeQuarters], b: [half] }, facts), {
      reference: 'a',
      replicates: 300,
    });
    expect(withinTexture?.overImages).toEqual({ estimate: 0, lower: 0, upper: 0 });
  });

  it('pairs the seeds that both were run from', () => {
    const pairs = compareWith(resultsOf({ a: [half, half], c: ['RUN_LOST', half] }), {
      reference: 'a',
      replicates: 10,
    });
    expect(pairs[0].seeds).toEqual([1]);
    expect(pairs[0].overSeeds).toBeUndefined();
  });

  it('needs a reference that is there', async () => {
    const compare = async () => compareWith(resultsOf({ a: [half] }), { reference: 'b' });
    expect(await codeOf(compare())).toBe('INVALID_OPTION');
  });
});

describe("Student's t", () => {
  // scipy 1.17.1: t.ppf((1 + level) / 2, degrees)
  it.each([
    [6.313751514675037, 0.9, 1],
    [12.706204736174694, 0.95, 1],
    [4.302652729749462, 0.95, 2],
    [3.1824463052837078, 0.95, 3],
    [2.7764451051977934, 0.95, 4],
    [2.262157162798205, 0.95, 9],
    [2.0422724563012378, 0.95, 30],
    [63.656741162871526, 0.99, 1],
    [5.840909309733355, 0.99, 3],
  ])('has half width %f at %f with %i degrees of freedom', (expected, level, degrees) => {
    expect(studentHalfWidth(level, degrees) / expected).toBeCloseTo(1, 12);
  });

  it('gives the interval of a mean', () => {
    // scipy 1.17.1: t.interval(.95, 3, mean, sem)
    const { lower, upper } = meanInterval([0.012, 0.004, 0.021, -0.003]) ?? {};
    expect(lower).toBeCloseTo(-0.007959740277442787, 12);
    expect(upper).toBeCloseTo(0.02495974027744279, 12);
    expect(meanInterval([0.1])).toBeUndefined();
  });
});
