import { canonicalJson } from '../support/canonical-json.js';
import { check } from '../support/check.js';
import type { Backbone } from './backbone.js';

/** Whether nothing of a backbone can learn. */
export function isFrozen({ trainable }: Pick<Backbone, 'trainable'>): boolean {
  return trainable.length === 0;
}

/** How much a number of a fingerprint may differ, of the largest of them: backends round differently, other weights differ more. */
const TOLERANCE = 0.01;

/**
 * Refuses an encoder whose weights no file holds where it is another than the one of the file: another kind, another recipe, or
 * another `fingerprint`, which is a text, or lists of numbers.
 *
 * @throws INVALID_OPTION that names what differs
 */
export function checkSameEncoder(
  where: string,
  saved: Backbone['config'],
  { trainable, statistics, config }: Backbone,
): void {
  if (trainable.length > 0 || statistics.length > 0) return;
  const names = [...new Set([...Object.keys(saved), ...Object.keys(config)])];
  const different = names.filter((name) =>
    name === 'fingerprint'
      ? !alike(saved[name], config[name])
      : canonicalJson(saved[name]) !== canonicalJson(config[name]),
  );
  check(
    different.length === 0,
    'INVALID_OPTION',
    () => {
      const [name] = different;
      const which =
        name === 'fingerprint'
          ? 'its maps of a fixed pattern, or its weights, are others'
          : `its ${name} is ${JSON.stringify(config[name])}, not ${JSON.stringify(saved[name])}`;
      return `${where}: backbone is another encoder than the model was made with: ${which}; expected the same, since its weights are not in the file; make it from the same weights with the same options.`;
    },
    { different },
  );
}

/** The same text, or lists of numbers, or of such lists, that are as good as the same. */
function alike(saved: unknown, given: unknown): boolean {
  if (!Array.isArray(saved) || !Array.isArray(given)) return saved === given;
  if (saved.length !== given.length) return false;
  if (saved.some(Array.isArray)) return saved.every((list, i) => alike(list, given[i]));
  const most = TOLERANCE * Math.max(...saved.map(Math.abs));
  return saved.every((value, i) => Math.abs(value - given[i]) <= most);
}

/** How each encoder whose weights no file holds is made again. */
const REMEDIES: Readonly<Record<string, (config: Backbone['config']) => string>> = Object.freeze({
  efficientNetLite0: ({ inputShape }) =>
    `await efficientNetLite0({ inputShape: ${JSON.stringify(inputShape)} }) of 'salad-ad/encoders'`,
  frozenEncoder: () => "await frozenEncoder({ ... }) of 'salad-ad/encoders', as it was made then",
});

/**
 * Refuses the config of an encoder whose weights no file holds where a backbone is to be made of it.
 *
 * @throws INVALID_OPTION that says how it is made
 */
export function checkNotFrozenKind(where: string, config: Backbone['config']): void {
  const remedy = Object.hasOwn(REMEDIES, config.kind) ? REMEDIES[config.kind] : undefined;
  check(
    remedy === undefined,
    'INVALID_OPTION',
    () =>
      `${where}: the backbone is a frozen encoder, '${config.kind}', whose weights no model file holds; expected it as it is; give backbone: ${remedy?.(config)}.`,
    { kind: config.kind },
  );
}
