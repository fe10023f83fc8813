import { readFileSync } from 'node:fs';

export interface Spread {
  readonly mean: number;
  readonly standardDeviation: number;
  readonly count: number;
}

export interface Row {
  readonly dataSet: string;
  readonly anomalies: { readonly ratio: number };
  readonly detector: string;
  readonly scoreMethod: string;
  readonly choice: string;
  readonly areaUnderRoc: Spread;
  readonly withinViews?: Spread;
}

const folder = new URL('../../../benchmarks/quality/results/', import.meta.url);

/** An experiment of benchmarks/quality, as far as pictures and pages show it. */
interface Experiment {
  readonly config: {
    readonly detectors: readonly { readonly name: string; readonly kind: string }[];
  };
  readonly rows: readonly Row[];
}

/** The experiments of a file. */
export const experimentsOf = (name: string): Experiment[] =>
  JSON.parse(readFileSync(new URL(name, folder), 'utf8'));

/** The rows of a file of experiments. */
export const rowsOf = (name: string): Row[] => experimentsOf(name).flatMap(({ rows }) => rows);

/** Mean and +- 1.96 standard deviations over the seeds; `turned`, so that it reaches at least .5. */
export function spreadOf({ mean, standardDeviation, count }: Spread, turned = false) {
  const estimate = turned ? Math.max(mean, 1 - mean) : mean;
  const half = 1.96 * standardDeviation;
  return count > 1
    ? { estimate, lower: estimate - half, upper: Math.min(1, estimate + half) }
    : { estimate };
}

/** What a detector of one set did at home and elsewhere: a row of the table of another hospital. */
export interface Elsewhere {
  readonly learntFrom: string;
  readonly judged: string;
  readonly area: { readonly estimate: number; readonly lower: number; readonly upper: number };
  /** False alarms at the threshold from home, and at that of 50 normals from there; shares. */
  readonly home: number;
  readonly local: number;
}

/** The rows of SALAD in results/another-hospital-test.md that could be measured. */
export function elsewhere(): Elsewhere[] {
  const text = readFileSync(new URL('another-hospital-test.md', folder), 'utf8');
  const rows = text.split('\n').filter((line) => /^\| [\w-]+ \| [\w-]+ \(/.test(line));
  return rows
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .filter(([, , , detector, area]) => detector === 'SALAD' && area !== '-')
    .map(([, learntFrom, judged, , area, home, , local]) => {
      const [estimate, lower, upper] = area.match(/[\d.]+/g)!.map(Number);
      return {
        learntFrom,
        judged: judged.split(' ')[0],
        area: { estimate, lower, upper },
        home: Number.parseFloat(home) / 100,
        local: Number.parseFloat(local) / 100,
      };
    });
}
