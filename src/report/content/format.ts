import type { Estimate } from './report-input.js';

/** A number to `digits` significant digits; an en dash where there is none. */
export function formatNumber(value: number, digits = 4): string {
  if (value === Number.POSITIVE_INFINITY) return '∞';
  if (!Number.isFinite(value)) return '–';
  return Number.isInteger(value) ? String(value) : value.toPrecision(digits);
}

/** A rate or an area, three decimals, with its interval in brackets, which no line break splits. */
export function formatEstimate(estimate: Estimate | undefined): string {
  if (estimate === undefined || !Number.isFinite(estimate.estimate)) return '–';
  const { estimate: value, lower, upper } = estimate;
  if (lower === undefined || upper === undefined) return value.toFixed(3);
  return `${value.toFixed(3)} [${lower.toFixed(3)},\u00a0${upper.toFixed(3)}]`;
}

/** The word for a label: 0 is normal, 1 abnormal. */
export function labelName(label: number): 'normal' | 'abnormal' {
  return label === 0 ? 'normal' : 'abnormal';
}
