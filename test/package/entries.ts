import packageJson from '../../package.json' with { type: 'json' };

/** The names of the entries: 'index' for the package itself, 'metrics' for its sub-path, and so on. */
export const entries = Object.entries(packageJson.exports)
  .filter(([, target]) => typeof target !== 'string')
  .map(([key]) => key.slice('./'.length) || 'index');

/** What an import of the entry is written as. */
export const specifier = (entry: string): string =>
  entry === 'index' ? 'salad-ad' : `salad-ad/${entry}`;
