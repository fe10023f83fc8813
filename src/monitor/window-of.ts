import type { DriftWindow } from './drift-summary.js';
import type { RecentGroup } from './recent-films.js';
import type { Reference } from './reference.js';

/** Share of the p-values that are told. */
const RARE = 0.05;

/** The rates of the last films of a group, and how they lie beside the reference. */
export function windowOf(
  { name, films, last }: RecentGroup,
  known: {
    readonly threshold?: number;
    readonly highestNormal?: number;
    /** Score and traits. */
    readonly names: readonly string[];
    readonly reference?: Reference;
  },
): DriftWindow {
  const { threshold, highestNormal, names, reference } = known;
  const scores = last.flatMap(({ values: { score } }) => (score === null ? [] : [Number(score)]));
  const pValues = last.flatMap(({ pValue }) => (pValue === null ? [] : [pValue]));
  return {
    ...(name !== '' && { group: name }),
    films,
    inWindow: last.length,
    unreadable: share(last, ({ read }) => !read) ?? 0,
    withoutScore: share(last, ({ values }) => values.score === null) ?? 0,
    ...given('flagged', threshold !== undefined && share(scores, (score) => score >= threshold)),
    ...given(
      'beyondNormals',
      highestNormal !== undefined && share(scores, (score) => score > highestNormal),
    ),
    ...given(
      'rare',
      share(pValues, (p) => p <= RARE),
    ),
    shifts: reference
      ? names.map((of) =>
          reference.shift(
            of,
            last.map(({ values }) => values[of]),
          ),
        )
      : [],
  };
}

function share<Of>(list: readonly Of[], is: (one: Of) => boolean): number | undefined {
  return list.length === 0 ? undefined : list.filter(is).length / list.length;
}

function given(name: string, value: number | false | undefined): Record<string, number> {
  return typeof value === 'number' ? { [name]: value } : {};
}
