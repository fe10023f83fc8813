import type { ImageShape } from '../images/pixels.js';
import { check, checkKnownOptions, namesOf, type OptionNames } from '../support/check.js';

/**
 * The options with the defaults where one is left out or undefined. A name of the options that is neither required nor
 * has a default does not compile.
 *
 * @throws UNKNOWN_OPTION
 */
export function withDefaults<Options extends object, Defaults extends Partial<Options>>(
  where: string,
  options: Options,
  defaults: Defaults,
  required: OptionNames<Omit<NoInfer<Options>, keyof Defaults>>,
): Options & Required<Defaults> {
  const known = {
    ...required,
    ...namesOf(defaults as Required<Defaults>),
  } as unknown as OptionNames<Options>;
  checkKnownOptions<Options>(where, options, known);
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return { ...defaults, ...Object.fromEntries(given) } as Options & Required<Defaults>;
}

/** Height times width times channels of one image; more fits in no tensor of a batch. */
const MOST_VALUES = 2 ** 28;

/** Three whole numbers of at least 1, and no more values than one image can have, or INVALID_OPTION. */
export function checkInputShape(where: string, shape: ImageShape): void {
  check(
    Array.isArray(shape) &&
      shape.length === 3 &&
      shape.every((size) => Number.isInteger(size) && size > 0) &&
      shape.reduce((product, size) => product * size, 1) <= MOST_VALUES,
    'INVALID_OPTION',
    () =>
      `${where}: inputShape is ${JSON.stringify(shape)}; expected [height, width, channels], three whole numbers of at least 1 whose product is at most ${MOST_VALUES}.`,
    { inputShape: shape },
  );
}
