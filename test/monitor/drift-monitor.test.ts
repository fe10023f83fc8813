import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DriftMonitor, type MonitoredFilm } from '../../src/monitor/index.js';
import { RandomStream } from '../../src/support/random.js';

/** Films whose scores are normal with a mean, some of them unreadable. */
function films(seed: number, count: number, { mean = 0, bad = 0.02, ap = 0.3 } = {}) {
  const random = new RandomStream(seed, ['films']);
  return Array.from({ length: count }, (): MonitoredFilm => {
    const score = mean + random.gaussian();
    const view = random.uniform() < ap ? 'AP' : 'PA';
    const group = random.uniform() < 0.5 ? 'ward' : 'emergency';
    return random.uniform() < bad
      ? { problem: 'IMAGE_TRUNCATED', group }
      : { score, group, traits: { view, brightness: random.uniform() } };
  });
}

const traits = { view: 'category', brightness: 'number' } as const;

const addAll = (monitor: DriftMonitor, some: readonly MonitoredFilm[]) =>
  some.flatMap((film) => monitor.add(film));

describe('alarms', () => {
  it('come soon after the scores rise, and name the film', () => {
    const monitor = new DriftMonitor({ reference: films(1, 200), traits });
    expect(addAll(monitor, films(2, 300))).toEqual([]);
    const alarms = addAll(monitor, films(3, 200, { mean: 1.5 }));
    expect(alarms.map(({ stream }) => stream)).toEqual(['score']);
    expect(alarms[0].film).toBeGreaterThan(300);
    expect(alarms[0].film).toBeLessThan(360);
    const [score] = monitor.summary().streams;
    expect(score.alarm).toBe(alarms[0].film);
    expect(score.threshold).toBeCloseTo(4 / 0.01, 10);
    expect(score.highest).toBeGreaterThanOrEqual(400);
  });

  it('come where scores fall too', () => {
    const monitor = new DriftMonitor({ reference: films(1, 200), traits });
    expect(addAll(monitor, films(3, 200, { mean: -1.5 }))[0].stream).toBe('score');
  });

  it('come of files that cannot be read, and of a trait', () => {
    const monitor = new DriftMonitor({ reference: films(1, 200), traits });
    const unreadable = addAll(monitor, films(4, 200, { bad: 0.3 }));
    // What cannot be read has no view either.
    expect(unreadable.map(({ stream }) => stream)).toContain('reading');
    const other = new DriftMonitor({ reference: films(1, 200), traits });
    expect(addAll(other, films(5, 300, { ap: 0.95 })).map(({ stream }) => stream)).toEqual([
      'view',
    ]);
  });

  it('need no reference: the stream itself becomes one', () => {
    const monitor = new DriftMonitor();
    expect(
      addAll(
        monitor,
        films(6, 300).map(({ score }) => ({ score })),
      ),
    ).toEqual([]);
    const changed = films(7, 200, { mean: 2 }).map(({ score }) => ({ score }));
    expect(addAll(monitor, changed)).toHaveLength(1);
  });

  it('are rarer than promised on exchangeable films', () => {
    const promised = 0.2;
    const runs = 200;
    let raised = 0;
    for (let run = 0; run < runs; run++) {
      const all = films(100 + run, 140);
      const monitor = new DriftMonitor({
        reference: all.slice(0, 40),
        traits,
        falseAlarmRate: promised,
        seed: run,
      });
      if (addAll(monitor, all.slice(40)).length > 0) raised++;
    }
    // Four standard deviations of a share of .2 above it.
    expect(raised / runs).toBeLessThan(promised + 4 * Math.sqrt((promised * 0.8) / runs));
  });
});

describe('windows', () => {
  it('count shares of the last films', () => {
    const normalScores = [1, 2, 3, 4];
    const monitor = new DriftMonitor({ window: 10, normalScores, threshold: 3, traits });
    for (let i = 0; i < 5; i++) monitor.add({ score: 100 });
    for (const score of [0, 1, 2, 3, 4, 5, 6]) monitor.add({ score, group: 'a' });
    monitor.add({ problem: 'IMAGE_TRUNCATED', group: 'a' });
    monitor.add({ group: 'b' });
    monitor.add({ score: 1, pValue: 0.01 });
    const [all, a, b] = monitor.summary().windows;
    expect(all).toMatchObject({ films: 15, inWindow: 10, unreadable: 0.1, withoutScore: 0.2 });
    // Of 0 1 2 3 4 5 6 1: four reach 3, two are above 4; no p-value of four normals is below 1/5.
    expect(all).toMatchObject({ flagged: 4 / 8, beyondNormals: 2 / 8, rare: 1 / 8 });
    expect(a).toMatchObject({ group: 'a', films: 8, unreadable: 1 / 8, flagged: 4 / 7 });
    expect(b).toMatchObject({ group: 'b', films: 1, unreadable: 0, withoutScore: 1 });
    expect(b.flagged).toBeUndefined();
  });

  it('tell how scores and traits lie beside the reference', () => {
    const reference = [1, 2, 3, 4].map((score, i) => ({
      score,
      traits: { view: i === 0 ? 'AP' : 'PA', brightness: score },
    }));
    const monitor = new DriftMonitor({ reference, traits, window: 10 });
    monitor.add({ score: 2, traits: { view: 'AP', brightness: 10 } });
    monitor.add({ score: 5, traits: { view: 'AP' } });
    const [{ shifts }] = monitor.summary().windows;
    expect(shifts).toEqual([
      // 2 is above one and level with one of four; 5 is above all.
      { name: 'score', missing: 0, median: 3.5, referenceMedian: 2.5, higher: (1.5 + 4) / 8 },
      {
        name: 'view',
        missing: 0,
        distance: 0.75,
        grown: { value: 'AP', share: 1, referenceShare: 0.25 },
      },
      { name: 'brightness', missing: 0.5, median: 10, referenceMedian: 2.5, higher: 1 },
    ]);
  });

  it('of more than a hundred groups share one', () => {
    const monitor = new DriftMonitor();
    for (let i = 0; i < 150; i++) monitor.add({ score: i, group: `ward ${i}` });
    const { windows } = monitor.summary();
    expect(windows).toHaveLength(102);
    expect(windows[101]).toMatchObject({ group: 'other groups', films: 50 });
  });
});

describe('a state', () => {
  const all = [...films(1, 260), ...films(2, 200, { mean: 1 })];

  it('goes on to the bit, wherever it was saved', () => {
    const options = { reference: films(9, 50), traits, window: 20, threshold: 1 };
    const whole = new DriftMonitor(options);
    const alarms = addAll(whole, all);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: all.length }), (cut) => {
        const first = new DriftMonitor(options);
        const before = addAll(first, all.slice(0, cut));
        const second = DriftMonitor.fromJSON(JSON.parse(JSON.stringify(first)));
        expect([...before, ...addAll(second, all.slice(cut))]).toEqual(alarms);
        expect(JSON.stringify(second)).toBe(JSON.stringify(whole));
        expect(second.summary()).toEqual(whole.summary());
      }),
      { numRuns: 12, seed: 4 },
    );
  });

  it('is a copy: what is done with it does not reach the monitor', () => {
    const monitor = new DriftMonitor({ traits });
    addAll(monitor, all.slice(0, 30));
    const before = JSON.stringify(monitor);
    const state = monitor.toJSON();
    addAll(DriftMonitor.fromJSON(state), all.slice(30, 60));
    expect(JSON.stringify(monitor)).toBe(before);
    expect(JSON.stringify(state)).toBe(before);
  });

  it('that is none, of a later version, or damaged is refused', () => {
    const monitor = new DriftMonitor({ traits });
    addAll(monitor, all.slice(0, 30));
    const state = JSON.parse(JSON.stringify(monitor));
    expect(() => DriftMonitor.fromJSON([])).toThrow(
      /fromJSON: state is an empty array.*INVALID_OPTION/,
    );
    expect(() => DriftMonitor.fromJSON({})).toThrow('INVALID_OPTION');
    expect(() => DriftMonitor.fromJSON({ ...state, version: 2 })).toThrow('FORMAT_VERSION');
    const changed = (change: (copy: typeof state) => void) => {
      const copy = structuredClone(state);
      change(copy);
      return () => DriftMonitor.fromJSON(copy);
    };
    for (const damage of [
      (copy: typeof state) => copy.streams.pop(),
      (copy: typeof state) => copy.streams[0].values.reverse(),
      (copy: typeof state) => copy.streams[0].evidence.placed.pop(),
      (copy: typeof state) => {
        copy.streams[0].evidence.step = 3;
      },
      (copy: typeof state) => {
        copy.streams[2].values[0][1] = -1;
      },
      (copy: typeof state) => {
        copy.recent = [];
      },
      (copy: typeof state) => {
        copy.settings.window = 0;
      },
    ])
      expect(changed(damage)).toThrow('INVALID_OPTION');
  });
});

describe('what is refused', () => {
  it('leaves the monitor as it was', () => {
    const monitor = new DriftMonitor({ traits });
    const before = JSON.stringify(monitor);
    for (const film of [
      { score: Number.NaN },
      { pValue: 0 },
      { traits: { view: 3 } },
      { traits: { brightness: 'dark' } },
      { traits: { scanner: 'A' } },
      { sore: 1 },
    ] as MonitoredFilm[])
      expect(() => monitor.add(film)).toThrow(/^DriftMonitor.add: /);
    expect(JSON.stringify(monitor)).toBe(before);
  });

  it('of options is named', () => {
    expect(() => new DriftMonitor({ traits: { score: 'number' } })).toThrow('INVALID_OPTION');
    expect(() => new DriftMonitor({ traits: { view: 'text' as 'number' } })).toThrow(
      "'number' or 'category'",
    );
    expect(() => new DriftMonitor({ falseAlarmRate: 0 })).toThrow('INVALID_OPTION');
    expect(() => new DriftMonitor({ normalScores: [] })).toThrow('EMPTY_SET');
    expect(() => new DriftMonitor({ reference: [{ score: Number.NaN }] })).toThrow('reference[0]');
  });
});
