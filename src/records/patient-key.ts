import { check, checkKnownOptions, checkText } from '../support/check.js';
import { SaladError } from '../support/errors.js';
import { hexOf, subtleCrypto } from '../support/sha256.js';

/**
 * Replaces a patient's identifier by a key that does not reveal it.
 *
 * @example
 * const keys: PatientKeys = { of: async (identifier) => myPseudonyms.get(identifier) ?? 'unknown' };
 */
export interface PatientKeys {
  /**
   * The key of one patient.
   *
   * @param identifier as its list or file has it; spaces around it and forms of Unicode do not count
   * @returns equal for equal identifiers
   * @throws INVALID_OPTION where the identifier is empty
   */
  of(identifier: string): Promise<string>;
}

const keyForm = /^([0-9a-f]{8})-[0-9a-f]{24}$/;

/**
 * Makes keys that stand for patients, so that no identifier reaches a log, an error or a saved model.
 *
 * key = tag "-" hex: tag = first 8 hex digits of SHA-256(salt), hex = first 24 of
 * HMAC-SHA-256(salt, identifier). Two keys are of one patient if and only if they are equal, as long as
 * both were made with one salt. Patient numbers are few, so that whoever knows the salt can try all of them: keep it secret.
 *
 * @param options `salt`
 * @returns an object whose `of(identifier)` gives the key
 * @throws INVALID_OPTION for a salt that is too short, UNKNOWN_OPTION, NO_CRYPTO outside a secure context
 * @see RFC 2104 (HMAC).
 * @example
 * const keys = patientKeys({ salt: process.env.PATIENT_SALT });
 * await keys.of('1234567'); // '1f0c9b7e-…'
 */
export function patientKeys(
  options: {
    /**
     * At least 16 characters, kept apart from the data; the same for lists whose patients are compared.
     * @defaultValue a random one that nobody sees
     */
    readonly salt?: string;
  } = {},
): PatientKeys {
  return makeKeys('patientKeys', options);
}

/** `patientKeys` for the public call `where`. */
export function makeKeys(
  where: string,
  options: NonNullable<Parameters<typeof patientKeys>[0]> = {},
): PatientKeys {
  checkKnownOptions(where, options, { salt: true });
  const subtle = subtleCrypto(where);
  const { salt = hexOf(globalThis.crypto.getRandomValues(new Uint8Array(32))) } = options;
  check(
    typeof salt === 'string' && salt.length >= 16,
    'INVALID_OPTION',
    () =>
      `${where}: salt is ${typeof salt === 'string' ? `a text of ${salt.length} characters` : `of type ${typeof salt}`}; expected a text of at least 16; draw one by crypto.randomUUID() and keep it apart from the data.`,
  );
  const bytes = new TextEncoder().encode(salt);
  const hmac = { name: 'HMAC', hash: 'SHA-256' };
  let secret: Promise<{ tag: string; key: CryptoKey }> | undefined;
  const prepare = async () => ({
    tag: hexOf(await subtle.digest('SHA-256', bytes)).slice(0, 8),
    key: await subtle.importKey('raw', bytes, hmac, false, ['sign']),
  });
  return {
    async of(identifier) {
      checkText('patientKeys', 'the identifier', identifier);
      const trimmed = identifier.normalize().trim();
      check(
        trimmed !== '',
        'INVALID_OPTION',
        () =>
          'patientKeys: the identifier is empty; expected the identifier of a patient; leave `patient` out where it is not known.',
      );
      secret ??= prepare();
      const { tag, key } = await secret;
      const code = await subtle.sign(hmac.name, key, new TextEncoder().encode(trimmed));
      return `${tag}-${hexOf(code).slice(0, 24)}`;
    },
  };
}

/**
 * Refuses to compare keys that cannot agree: of two salts, or keys beside identifiers as they are.
 *
 * @throws INVALID_OPTION
 */
export function checkSameSalt(where: string, patients: Iterable<string | undefined>): void {
  const tags = new Set<string | undefined>();
  for (const patient of patients) if (patient !== undefined) tags.add(keyForm.exec(patient)?.[1]);
  if (tags.size < 2) return;
  throw new SaladError(
    'INVALID_OPTION',
    tags.has(undefined)
      ? `${where}: some patients are keys made with a salt and some are not; expected all or none, since a key never equals an identifier; make all of them with one patientKeys({ salt }).`
      : `${where}: the patients' keys were made with ${tags.size} different salts; expected one, since keys of different salts never agree; make all of them with the same patientKeys({ salt }).`,
    { salts: tags.size },
  );
}
