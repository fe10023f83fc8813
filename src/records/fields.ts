/** Whole years, or fractions of a year: '58', '058Y', '06M', '015D'. */
const AGE = /^(\d+(?:\.\d+)?)\s*([YMWD]?)$/i;
const YEARS: Readonly<Record<string, number>> = { Y: 1, M: 1 / 12, W: 7 / 365.25, D: 1 / 365.25 };

/**
 * Age in years, as tables and DICOM write it.
 *
 * @returns undefined where it is blank or beyond any lifetime (old NIH tables have some of 148 to 414);
 * NaN where it is no age at all
 */
export function ageInYears(text: string): number | undefined {
  if (text.trim() === '') return undefined;
  const [, number, unit] = AGE.exec(text.trim()) ?? [];
  const years = Number(number) * (YEARS[(unit || 'Y').toUpperCase()] ?? 1);
  return years > 120 ? undefined : years;
}

/** 'F' or 'M'; undefined for anything else. */
export function sexOf(text: string): 'F' | 'M' | undefined {
  if (/^(f|female)$/i.test(text.trim())) return 'F';
  if (/^(m|male)$/i.test(text.trim())) return 'M';
  return undefined;
}

/** 'L' or 'R'; undefined for anything else. */
export function lateralityOf(text: string): 'L' | 'R' | undefined {
  if (/^(l|left)$/i.test(text.trim())) return 'L';
  if (/^(r|right)$/i.test(text.trim())) return 'R';
  return undefined;
}

/** Findings between bars or semicolons; the words for none give none. */
export function findingsOf(text: string): string[] {
  return text
    .split(/[|;]/)
    .map((finding) => finding.trim())
    .filter((finding) => finding !== '' && !/^(no finding|normal)$/i.test(finding));
}

/** A path with forward slashes, from where the list stands. */
export function pathOf(text: string): string {
  return text
    .trim()
    .replaceAll('\\', '/')
    .replace(/^(\.\/)+/, '');
}

/** A copy without the facts that are not known. */
export function known<T extends object>(facts: T): T {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) as T;
}
