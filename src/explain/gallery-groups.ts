/** Rows of scores that belong together, in the order they are shown. */
export interface GalleryGroup {
  readonly title: string;
  readonly rows: readonly number[];
}

/**
 * Which images are worth a look. No image is at both ends of the ranking; groups without images are left out.
 *
 * @param labels 0 = normal, other than 0 = abnormal
 */
export function galleryGroups(
  scores: ArrayLike<number>,
  known: {
    readonly labels?: readonly (number | undefined)[];
    readonly threshold?: number;
    readonly shown: number;
  },
): GalleryGroup[] {
  const { labels, threshold, shown } = known;
  const ranked = Array.from({ length: scores.length }, (_, row) => row).sort(
    (a, b) => scores[b] - scores[a],
  );
  const most = ranked.slice(0, shown);
  const least = ranked.slice(most.length).slice(-shown).reverse();
  return [
    { title: 'Most anomalous', rows: most },
    { title: 'Least anomalous', rows: least },
    ...(threshold === undefined ? [] : atThreshold(scores, ranked, { labels, threshold, shown })),
  ].filter(({ rows }) => rows.length > 0);
}

/** Misses of the lowest scores, false alarms of the highest, and what a small change of the threshold would decide otherwise. */
function atThreshold(
  scores: ArrayLike<number>,
  ranked: readonly number[],
  {
    labels,
    threshold,
    shown,
  }: {
    readonly labels?: readonly (number | undefined)[];
    readonly threshold: number;
    readonly shown: number;
  },
): GalleryGroup[] {
  const misses = ranked.filter((row) => labels?.[row] && scores[row] < threshold);
  const alarms = ranked.filter((row) => labels?.[row] === 0 && scores[row] >= threshold);
  const far = (row: number) => Math.abs(scores[row] - threshold);
  const near = [...ranked].sort((a, b) => far(a) - far(b)).slice(0, shown);
  return [
    { title: 'Missed: abnormal and not flagged', rows: misses.slice(-shown).reverse() },
    { title: 'False alarms: normal and flagged', rows: alarms.slice(0, shown) },
    { title: 'Near the threshold', rows: near.sort((a, b) => scores[b] - scores[a]) },
  ];
}
