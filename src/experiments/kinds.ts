import type { AnomalyPlan } from './config.js';

/** Whether an image has one of the known kinds. */
export function isSeen(findings: readonly string[], { kinds = [] }: AnomalyPlan): boolean {
  return findings.some((kind) => kinds.includes(kind));
}

/** Whether it has findings, and none of the known kinds. */
export function isUnseen(findings: readonly string[], anomalies: AnomalyPlan): boolean {
  return findings.length > 0 && !isSeen(findings, anomalies);
}
