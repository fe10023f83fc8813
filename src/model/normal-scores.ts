import { fewNormalsOfGroup } from '../core/warning.js';
import { conformalPValue } from '../metrics/conformal-p-values.js';
import { restsOn } from '../support/rests-on.js';
import type { SaladWarning } from '../support/warning.js';

/** Scores of the validation normals, which new images are compared with; JSON, each list rising. */
export interface NormalScores {
  /** [n]: of all of them, whatever their group. */
  readonly all: readonly number[];
  /** [n of the group] by the name of a group; absent where none were given. */
  readonly groups?: Readonly<Record<string, readonly number[]>>;
}

/** What p-values say of images. */
export interface PValues {
  /**
   * [images], conformal p-values, (1 + normals scoring as high) / (n + 1) with the n validation normals, or those of the image's group, in
   * (0, 1]: of new normals that are exchangeable with these a share of at most p has a value of p or less. Absent before calibration, and
   * in a model whose file holds no scores of its normals.
   */
  readonly pValues?: Float64Array;
  /** [images], the group whose normals a p-value rests on; undefined where it rests on all. Absent where no groups were given. */
  readonly pValueGroups?: readonly (string | undefined)[];
  /** What `pValues` and a promised rate rest on, as a sentence; absent where `pValues` are. */
  readonly restsOn?: string;
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

/** P-values of images. @param groups [images], absent for none */
export function pValuesOf(
  scores: Float32Array,
  groups: readonly string[] | undefined,
  normals: NormalScores | undefined,
): PValues {
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
  { pValues, threshold }: PValues & { readonly threshold?: number },
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
