import { check } from '../support/check.js';
import type { JsonRule } from '../support/json-rules.js';

/** MODEL_DAMAGED with what is wrong, unless `condition` holds. */
export function checkUndamaged(
  where: string,
  condition: boolean,
  what: () => string,
): asserts condition {
  check(
    condition,
    'MODEL_DAMAGED',
    () =>
      `${where}: ${what()}; the file is damaged, or was changed after it was saved: copy it again from where it is whole, or save the model again.`,
  );
}

/** MODEL_DAMAGED where a value of a file does not keep its rule. */
export function checkValue(where: string, name: string, value: unknown, rule: JsonRule): void {
  const wrong = rule(value, name);
  checkUndamaged(where, wrong === undefined, () => wrong as string);
}
