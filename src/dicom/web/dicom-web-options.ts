import { type DecodingOptions, decodingOptions } from '../../data/decoding-options.js';
import type { PatientKeys } from '../../records/patient-key.js';
import type { OptionNames } from '../../support/check.js';

/** Which instances of a DICOMweb service are images, and how the service is asked. */
export interface DicomWebOptions extends DecodingOptions {
  /**
   * What matches, by the names or tags of attributes: `{ Modality: 'DX', StudyDate: '20260101-20260131' }`.
   *
   * @defaultValue `{}`, all that the service has
   */
  readonly query?: Readonly<Record<string, string | number>>;
  /**
   * Sent with each request, such as `{ authorization: 'Bearer ...' }`; a function is called before each, so that a token can be renewed.
   *
   * @defaultValue none
   */
  readonly headers?:
    | Readonly<Record<string, string>>
    | (() => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>);
  /**
   * What asks, with the arguments of the platform's `fetch`.
   *
   * @defaultValue `globalThis.fetch`
   */
  readonly fetch?: typeof globalThis.fetch;
  /** Makes the keys of patients and studies. @defaultValue keys by a random salt that nobody knows */
  readonly keys?: PatientKeys;
  /** How many instances are asked for at a time. @defaultValue 200 */
  readonly pageSize?: number;
  /** How many instances a query may match; more are refused. @defaultValue 2 ** 20 */
  readonly maxInstances?: number;
  /** How often a request is made again where the server is busy, fails or breaks off. @defaultValue 4 */
  readonly retries?: number;
  /**
   * Seconds that are waited before a request is made again, at most, whatever the server asks for; up to 2^21.
   *
   * @defaultValue 30
   */
  readonly longestWait?: number;
  /** Seconds that one request may take with its answer, above 0 and up to 2^21. @defaultValue 120 */
  readonly timeout?: number;
  /** Ends what is asked of the service, and every wait, with its reason. @defaultValue none: it goes on to the end */
  readonly signal?: AbortSignal;
}

/** The names of these options, for the check of unknown ones. */
export const dicomWebOptions: OptionNames<DicomWebOptions> = {
  ...decodingOptions,
  query: true,
  headers: true,
  fetch: true,
  keys: true,
  pageSize: true,
  maxInstances: true,
  retries: true,
  longestWait: true,
  timeout: true,
  signal: true,
};
