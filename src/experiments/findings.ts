import type { AnomalyPlan } from './config.js';

/** Whether an image has one of the known findings. */
export function isSeen(found: readonly string[], { findings = [] }: AnomalyPlan): boolean {
  return found.some((finding) => findings.includes(finding));
}

/** Whether it has findings, and none of the known ones. */
export function isUnseen(found: readonly string[], anomalies: AnomalyPlan): boolean {
  return found.length > 0 && !isSeen(found, anomalies);
}
