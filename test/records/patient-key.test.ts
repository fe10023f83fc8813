import { createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { checkPatientsDisjoint, patientKeys } from '../../src/data/index.js';
import { checkSameSalt } from '../../src/records/patient-key.js';
import { isSaladError } from '../../src/support/errors.js';

const salt = 'a salt of the tests';

describe('patientKeys', () => {
  it("is the salt's tag and the first half of an HMAC, as Node's own crypto has them", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ minLength: 16, unit: 'grapheme' }),
        fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => text.trim() !== ''),
        async (anySalt, identifier) => {
          const tag = createHash('sha256').update(anySalt).digest('hex').slice(0, 8);
          const hex = createHmac('sha256', anySalt)
            .update(identifier.normalize().trim())
            .digest('hex');
          expect(await patientKeys({ salt: anySalt }).of(identifier)).toBe(
            `${tag}-${hex.slice(0, 24)}`,
          );
        },
      ),
      { numRuns: 50 },
    );
  });

  it('agrees between calls of one salt and never without one', async () => {
    const [a, b] = [patientKeys({ salt }), patientKeys({ salt })];
    expect(await a.of('17')).toBe(await b.of(' 17 '));
    expect(await a.of('M\u00fcller')).toBe(await b.of('Mu\u0308ller'));
    expect(await a.of('17')).not.toBe(await a.of('18'));
    expect(await patientKeys().of('17')).not.toBe(await patientKeys().of('17'));
  });

  it('holds neither salt nor identifier', async () => {
    const keys = patientKeys({ salt });
    expect(JSON.stringify([keys, await keys.of('1234567')])).not.toMatch(/1234567|tests/);
  });

  it('refuses a short salt, an unknown option, an empty identifier and a page without WebCrypto', async () => {
    const code = (run: () => unknown) => {
      try {
        run();
      } catch (error) {
        return isSaladError(error) ? error.code : String(error);
      }
    };
    expect(code(() => patientKeys({ salt: 'short' }))).toBe('INVALID_OPTION');
    expect(code(() => patientKeys({ sallt: salt } as object))).toBe('UNKNOWN_OPTION');
    await expect(patientKeys().of(' ')).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    vi.stubGlobal('crypto', undefined);
    expect(code(() => patientKeys())).toBe('NO_CRYPTO');
    vi.unstubAllGlobals();
  });
});

describe('keys of different salts', () => {
  it('are not compared', async () => {
    const one = await patientKeys({ salt }).of('17');
    const other = await patientKeys().of('17');
    const train = { patients: [one] };
    expect(() => checkPatientsDisjoint({ train, test: { patients: [other] } })).toThrow(
      /made with 2 different salts.*the same patientKeys\(\{ salt \}\)\. \[INVALID_OPTION\]/,
    );
    expect(() => checkPatientsDisjoint({ train, test: { patients: ['17'] } })).toThrow(
      /some are not.*\[INVALID_OPTION\]/,
    );
    expect(() => checkPatientsDisjoint({ train, test: { patients: [one] } })).toThrow(
      /\[PATIENT_OVERLAP\]/,
    );
  });

  it('may be absent or plain', () => {
    checkSameSalt('here', [undefined, 'patient 1', undefined, '2']);
    checkSameSalt('here', []);
  });
});
