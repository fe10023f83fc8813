import type { Result } from './results.js';

const HEAD = ['row', 'ours / against', 'size', 'backend', 'ours', 'against', 'ratio', 'target', ''];

/** Results as a Markdown table; figures are `best (median)`, and so is the ratio. */
export function resultTable(results: readonly Result[]): string {
  const lines = results.map((result) =>
    result.skipped
      ? [...place(result), 'skipped', '', '', '', result.skipped]
      : [
          ...place(result),
          figures(result.ours, result.unit),
          figures(result.against, result.unit),
          `${twoDigits(result.ratio)} (${twoDigits(result.medianRatio)})`,
          result.target ?? '',
          remark(result),
        ],
  );
  return [HEAD, HEAD.map(() => '---'), ...lines]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

function place({ row, what, size, backend }: Result): string[] {
  return [row, what, String(size), backend];
}

function remark({ reached, note }: Result): string {
  const verdict = reached === undefined ? undefined : reached ? 'reached' : 'not reached';
  return [verdict, note].filter((part) => part !== undefined).join('; ');
}

function figures(numbers: Result['ours'], unit: string): string {
  return numbers ? `${threeDigits(numbers.best)} (${threeDigits(numbers.median)}) ${unit}` : '';
}

function twoDigits(value = Number.NaN): string {
  return value < 10 ? value.toFixed(2) : threeDigits(value);
}

function threeDigits(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
