import { fewNormalsOfGroup } from '../core/warning.js';
import { conformalPValue } from '../metrics/conformal-p-values.js';
import { restsOn } from '../support/rests-on.js';
import type { SaladWarning } from '../support/warning.js';
import type { ScoreResult } from './score-result.js';

/** Scores of the validation normals, which new images are compared with; JSON, each list rising. */
export interface NormalScores {
  /** [n]: of all of them, whatever their group. */
  readonly all: readonly number[];
  /** [n of the group] by the name of a group; absent where none were given. */
  readonly groups?: Readonly<Record<string, readonly number[]>>;
}

/** Kept scores of normals. @param groups [normals], absent for none */
export function normalScoresOf(
  scores: readonly number[],
  groups: readonly string[] | undefined,
): NormalScores {
  const all = rising(scores);
  if (!groups) return { all };
  const names = [...new Set(groups)].sort();
  const ofGroup = (name: string) => rising(scores.filter((_, i) => groups[i] === name));
  return { all, groups: Object.fromEntries(names.map((name) => [name, ofGroup(name)])) };
}

/** Tells of groups whose normals are too few for the share that is asked for. */
export function warnOfSmallGroups(
  where: string,
  { groups = {} }: NormalScores,
  quantile: number,
  onWarning: ((warning: SaladWarning) => void) | undefined,
): void {
  for (const [name, scores] of Object.entries(groups))
    if (1 / (scores.length + 1) > 1 - quantile + 1e-9)
      onWarning?.(fewNormalsOfGroup(where, name, quantile, scores.length));
}

/** P-values of images, and what they rest on: fields of `ScoreResult`. @param groups [images], absent for none */
export function pValuesOf(
  scores: Float32Array,
  groups: readonly string[] | undefined,
  normals: NormalScores | undefined,
): Pick<ScoreResult, 'pValues' | 'pValueGroups' | 'restsOn'> {
  if (!normals) return {};
  const known = normals.groups ?? {};
  const used = groups?.map((name) => (Object.hasOwn(known, name) ? name : undefined));
  const beside = (i: number) => {
    const group = used?.[i];
    return group === undefined ? normals.all : known[group];
  };
  return {
    pValues: Float64Array.from(scores, (score, i) => conformalPValue(score, beside(i))),
    ...(used && { pValueGroups: used }),
    restsOn: restsOn(normals.all.length, used !== undefined),
  };
}

/** Tells of a model that has a threshold, and no scores of the normals that set it. */
export function warnOfNoPValues(
  where: string,
  { pValues, threshold }: Pick<ScoreResult, 'pValues' | 'threshold'>,
  onWarning: ((warning: SaladWarning) => void) | undefined,
): void {
  if (pValues || threshold === undefined) return;
  onWarning?.({
    code: 'NO_P_VALUES',
    message: `${where}: the model was saved by a version that kept no scores of its validation normals, so that it gives no p-values; calibrate it again on them.`,
  });
}

function rising(scores: readonly number[]): number[] {
  return [...scores].sort((a, b) => a - b);
}
