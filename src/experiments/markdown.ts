import type { Interval } from '../metrics/interval.js';
import type { AnomalyPlan, Choice } from './config.js';
import type { Replicates } from './mean-interval.js';

/** A table in Markdown; a column that is empty in every row is left out, and without rows all of it. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const shown = head.map((_, i) => i).filter((i) => rows.some((row) => row[i] !== ''));
  const line = (cells: readonly string[]) =>
    `| ${shown.map((i) => cells[i].replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(shown.length)}`, ...rows.map(line)].join('\n');
}

/** Mean and 1.96 standard deviations over the replicates; empty where there is nothing. */
export function spread(replicates: Replicates | undefined, digits = 3): string {
  if (!replicates || !Number.isFinite(replicates.mean)) return '';
  const { mean, standardDeviation } = replicates;
  const value = mean.toFixed(digits);
  if (standardDeviation === undefined) return value;
  return `${value} +- ${(1.96 * standardDeviation).toFixed(digits)}`;
}

export function signed(value: number): string {
  return `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(3)}`;
}

export function signedInterval(interval: Interval | undefined): string {
  return interval ? `[${signed(interval.lower)}, ${signed(interval.upper)}]` : '';
}

/** '5% added', '5% added, Mass alone known'. */
export function anomaliesText({ ratio, form, findings }: AnomalyPlan): string {
  const share = ratio === 0 ? 'none' : `${+(100 * ratio).toPrecision(3)}% ${form}`;
  return findings ? `${share}, ${findings.join(' and ')} alone known` : share;
}

/** A choice in words. */
export function choiceText(choice: Choice): string {
  return choice === 'labelFree' ? 'label-free' : 'validation-chosen';
}
