import packageJson from '../../package.json' with { type: 'json' };

/** Entries by name, 'index' for the package itself; each is `src/<folder>/index.ts`, folder '' for 'index'. */
export const entries: readonly { readonly name: string; readonly folder: string }[] =
  Object.entries(packageJson.exports)
    .filter(([, target]) => typeof target !== 'string')
    .map(([key]) => key.slice('./'.length))
    .map((folder) => ({ name: folder || 'index', folder }));
