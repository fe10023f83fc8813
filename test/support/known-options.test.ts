import { expect, it } from 'vitest';
import { checkKnownOptions } from '../../src/support/check.js';

interface Options {
  readonly epochs?: number;
  readonly seed?: number;
}

/** Names that are not those of the options do not compile: `npm run typecheck` is the test. */
export function refused(options: Options) {
  checkKnownOptions('fit', options, { epochs: true, seed: true });
  // @ts-expect-error: a name is left out
  checkKnownOptions('fit', options, { epochs: true });
  // @ts-expect-error: a name that the options lack
  checkKnownOptions('fit', options, { epochs: true, seed: true, sead: true });
}

it('an unknown option is refused, and the nearest name told', () => {
  const check = (options: Options) =>
    checkKnownOptions('fit', options, { epochs: true, seed: true });
  expect(() => check({ seed: 1 })).not.toThrow();
  expect(() => check({ sead: 1 } as Options)).toThrow(
    "fit: unknown option 'sead'. Did you mean 'seed'? Known options: epochs, seed. [UNKNOWN_OPTION]",
  );
  expect(() => check(null as unknown as Options)).toThrow(
    'fit: options is null; expected an object with epochs, seed. [INVALID_OPTION]',
  );
});
