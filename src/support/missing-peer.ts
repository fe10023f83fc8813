import { SaladError } from './errors.js';

/** What to do when the dynamic import of an optional package fails: raise MISSING_PEER. */
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
