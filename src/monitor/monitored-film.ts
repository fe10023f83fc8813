import { check, checkKnownOptions, checkNumber, checkText, said } from '../support/check.js';

/** One film as it came: what was found of it, and what is known of it; all of it may be absent. */
export interface MonitoredFilm {
  /** Anomaly score, finite. Absent where there is none: the film could not be read. */
  readonly score?: number;
  /** How rare such a score is among normals, in (0, 1]. Without it, it is counted from `normalScores` of the monitor where that was given. */
  readonly pValue?: number;
  /** Department, device or site: windows are kept of each. Without it the film is in that of all films alone. */
  readonly group?: string;
  /** What is known of the film, by name: 'view', 'brightness', 'scanner'. A trait that is absent, or undefined, counts as missing. */
  readonly traits?: Readonly<Record<string, string | number | undefined>>;
  /** Why it could not be read: the code of a problem, such as 'IMAGE_TRUNCATED'. Absent where it was read. */
  readonly problem?: string;
}

/** What traits a monitor knows, and of which kind. */
export type TraitKinds = Readonly<Record<string, 'number' | 'category'>>;

/** A film whose numbers are numbers, and whose traits are of the kinds that the monitor was told. @throws INVALID_OPTION | UNKNOWN_OPTION */
export function checkFilm(where: string, name: string, film: MonitoredFilm, kinds: TraitKinds) {
  checkKnownOptions(where, film, {
    score: true,
    pValue: true,
    group: true,
    traits: true,
    problem: true,
  });
  const { score, pValue, group, traits = {}, problem } = film;
  if (score !== undefined) checkNumber(where, `${name}.score`, score, {});
  if (pValue !== undefined) checkNumber(where, `${name}.pValue`, pValue, { above: 0, max: 1 });
  if (group !== undefined) checkText(where, `${name}.group`, group);
  if (problem !== undefined) checkText(where, `${name}.problem`, problem);
  for (const [trait, value] of Object.entries(traits)) {
    const kind = Object.hasOwn(kinds, trait) ? kinds[trait] : undefined;
    check(
      kind !== undefined,
      'UNKNOWN_OPTION',
      () =>
        `${where}: ${name} has the trait '${trait}'; expected one that the monitor was told of: ${Object.keys(kinds).join(', ') || 'none'}.`,
      { trait },
    );
    if (value === undefined) continue;
    if (kind === 'number') checkNumber(where, `${name}.traits.${trait}`, value as number, {});
    else
      check(
        typeof value === 'string',
        'INVALID_OPTION',
        () =>
          `${where}: ${name}.traits.${trait} is ${said(value)}; expected a text, since the trait is a 'category'.`,
        { trait, value },
      );
  }
}
