import { checkUndamaged } from '../learning/damaged.js';
import type { ModelDescription } from '../model/model-file.js';
import { check } from '../support/check.js';

/** What a description says in the metadata: all but the known anomalies, which are a tensor, and the run. */
const FIELDS: Readonly<Record<keyof Omit<ModelDescription, 'anomalies' | 'training'>, true>> =
  Object.freeze({
    formatVersion: true,
    settings: true,
    backbone: true,
    imageNormalization: true,
    resize: true,
    recipe: true,
    ids: true,
    stored: true,
    normalizer: true,
    threshold: true,
    normalScores: true,
    history: true,
    spreads: true,
    best: true,
  });

type Described = Omit<ModelDescription, 'anomalies' | 'training'>;

/** A description as metadata of safetensors, which are texts by name: each field is JSON. */
export function metadataOf(
  description: ModelDescription,
  checksum: string,
): Readonly<Record<string, string>> {
  const fields = Object.keys(FIELDS).flatMap((name) => {
    const value = description[name as keyof Described];
    return value === undefined ? [] : [[name, JSON.stringify(value)] as const];
  });
  return {
    format: 'salad-ad',
    notice: 'Research software, not a medical device: a score is no diagnosis.',
    checksum,
    ...Object.fromEntries(fields),
  };
}

/**
 * The description again; names that are not ours are passed over, since other programs add their own.
 *
 * @throws NOT_A_MODEL | MODEL_DAMAGED
 */
export function describedBy(where: string, metadata: ReadonlyMap<string, string>): Described {
  check(
    metadata.has('formatVersion'),
    'NOT_A_MODEL',
    () =>
      `${where}: the file holds no salad-ad model: its metadata lacks formatVersion; expected what toSafetensors returned; a program that writes the file again must keep its metadata.`,
  );
  const fields = Object.keys(FIELDS).flatMap((name) => {
    const text = metadata.get(name);
    return text === undefined ? [] : [[name, parsed(where, name, text)] as const];
  });
  return Object.fromEntries(fields) as unknown as Described;
}

function parsed(where: string, name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return checkUndamaged(where, false, () => `'${name}' of the metadata is no JSON`);
  }
}
