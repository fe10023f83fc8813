import { type Scored, TERMS, type TermName } from './scored.js';

/** What is promised, of scores in float32, over the larger of 1 and |score|; a score this near to the threshold may fall on either side. */
export const TOLERANCE = 1e-5;

/** Rows whose angles differ by less, radians, are as near as each other: float32 has angles of about 1 to 1e-7. */
const SAME_ANGLE = 1e-6;

/** How far one runtime is from the reference. */
export interface Differences {
  readonly score: number;
  /** Over the larger of 1 and |score|: a sum in standard deviations has no unit of its own. */
  readonly relative: number;
  /** Of each term by itself, in its own unit. */
  readonly terms: Readonly<Record<TermName, number>>;
  /** A p-value is a count of normals: it moves by steps of 1 / (n + 1). */
  readonly pValue: number;
  /** Films with another p-value, and those of them that no validation normal lies within the tolerance of. */
  readonly otherPValues: number;
  readonly unexplainedPValues: number;
  /** Films whose nearest rows are not the same in the same order. */
  readonly otherRows: number;
  /** Those of them where rows changed places that are not as near as each other. */
  readonly unexplainedRows: number;
  /** Films with another verdict that do not lie within the tolerance of the threshold. */
  readonly otherVerdicts: number;
}

/** The first films of a result. */
export function firstOf(scored: Scored, films: number): Scored {
  const first = <T>(values: readonly T[]) => values.slice(0, films);
  return {
    ...scored,
    scores: first(scored.scores),
    terms: { embedding: first(scored.terms.embedding), cells: first(scored.terms.cells) },
    pValues: first(scored.pValues),
    abnormal: first(scored.abnormal),
    nearestRows: first(scored.nearestRows),
    nearestAngles: scored.nearestAngles && first(scored.nearestAngles),
  };
}

/** @param normals scores of the validation normals */
export function differences(
  found: Scored,
  reference: Scored,
  { threshold, normals }: { threshold: number; normals: readonly number[] },
): Differences {
  const { scores } = reference;
  if (found.scores.length !== scores.length)
    throw new Error(`expected ${scores.length} films; got ${found.scores.length}`);
  const films = [...scores.keys()];
  const near = (score: number, value: number) => Math.abs(score - value) <= TOLERANCE;
  const reordered = films.filter(
    (i) => found.nearestRows[i].join() !== reference.nearestRows[i].join(),
  );
  const areTies = (i: number) => {
    const [rows, angles] = [reference.nearestRows[i], reference.nearestAngles?.[i] ?? []];
    return found.nearestRows[i].every((row, place) => {
      const at = rows.indexOf(row);
      // One that the reference does not have is beyond its farthest.
      return Math.abs(angles[at === -1 ? rows.length - 1 : at] - angles[place]) <= SAME_ANGLE;
    });
  };
  const moved = films.filter((i) => found.pValues[i] !== reference.pValues[i]);
  return {
    score: largestApart(found.scores, scores),
    relative: films.reduce(
      (most, i) =>
        Math.max(most, Math.abs(found.scores[i] - scores[i]) / Math.max(1, Math.abs(scores[i]))),
      0,
    ),
    terms: Object.fromEntries(
      TERMS.map((name) => [name, largestApart(found.terms[name], reference.terms[name])]),
    ) as Differences['terms'],
    pValue: largestApart(found.pValues, reference.pValues),
    otherPValues: moved.length,
    unexplainedPValues: moved.filter((i) => !normals.some((normal) => near(scores[i], normal)))
      .length,
    otherRows: reordered.length,
    unexplainedRows: reordered.filter((i) => !areTies(i)).length,
    otherVerdicts: otherVerdicts(found, reference, threshold).length,
  };
}

/** Films with another verdict that do not lie within the tolerance of the threshold. */
export function otherVerdicts(
  found: Pick<Scored, 'abnormal'>,
  { abnormal, scores }: Pick<Scored, 'abnormal' | 'scores'>,
  threshold: number,
): number[] {
  return [...scores.keys()].filter(
    (i) => found.abnormal[i] !== abnormal[i] && Math.abs(scores[i] - threshold) > TOLERANCE,
  );
}

/** NaN where one of the numbers is. */
export function largestApart(a: readonly number[], b: readonly number[]): number {
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);
}
