import type { ImageShape } from '../images/pixels.js';
import { check, checkKnownOptions, type OptionNames } from '../support/check.js';

/** The options with the defaults where one is left out or undefined; UNKNOWN_OPTION for a name that is in neither list. A name of the options that is in neither does not compile. */
export function withDefaults<Options extends object, Defaults extends Partial<Options>>(
  where: string,
  options: Options,
  defaults: Defaults,
  required: OptionNames<Omit<NoInfer<Options>, keyof Defaults>>,
): Options & Required<Defaults> {
  checkKnownOptions(where, options, [...Object.keys(required), ...Object.keys(defaults)]);
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return { ...defaults, ...Object.fromEntries(given) } as Options & Required<Defaults>;
}

/** Three whole numbers of at least 1, or INVALID_OPTION. */
export function checkInputShape(where: string, shape: ImageShape): void {
  check(
    Array.isArray(shape) &&
      shape.length === 3 &&
      shape.every((size) => Number.isInteger(size) && size > 0),
    'INVALID_OPTION',
    () =>
      `${where}: inputShape is ${JSON.stringify(shape)}; expected [height, width, channels], three whole numbers of at least 1.`,
    { inputShape: shape },
  );
}
