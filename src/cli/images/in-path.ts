import { misused } from '../frame/failure.js';

/**
 * What a pattern names in a path: its first group, or all that fits.
 *
 * @param flag the option that gave the pattern
 * @throws Failure where it is no regular expression, or does not fit
 */
export function inPath(flag: string, pattern: string): (path: string) => string {
  const expression = compiled(flag, pattern);
  return (path) => {
    const found = expression.exec(path);
    if (found) return found[1] ?? found[0];
    throw misused(
      `${flag} '${pattern}' does not fit '${path}'; give a regular expression that fits every path`,
    );
  };
}

function compiled(flag: string, pattern: string): RegExp {
  try {
    return new RegExp(pattern);
  } catch (cause) {
    throw misused(`${flag} is no regular expression: ${(cause as Error).message}; try '(\\d+)_'`);
  }
}
