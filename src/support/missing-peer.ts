import { SaladError } from './errors.js';

/**
 * What to do when the dynamic import of an optional package fails: raise MISSING_PEER.
 *
 * What a page may load is imported in a `try`: of a package that is not installed webpack then makes a warning, where it
 * ends the build at an import with a `.catch`. Vite and esbuild take both.
 */
export function missingPeer(where: string, name: string): (cause: unknown) => never {
  return (cause) => {
    throw new SaladError(
      'MISSING_PEER',
      `${where}: the optional package '${name}' could not be loaded; expected it to be installed beside salad-ad; run \`npm install ${name}\`.`,
      { package: name },
      { cause },
    );
  };
}
