import { decodedSource, recordReader } from '../../data/decoded-source.js';
import { imageProblem } from '../../decoding/image-problem.js';
import { defaultMaxPixels } from '../../decoding/pixel-limit.js';
import type { ImageSource } from '../../images/image-source.js';
import type { ImageRecord } from '../../records/image-record.js';
import { makeKeys } from '../../records/patient-key.js';
import { check, checkKnownOptions, checkNumber } from '../../support/check.js';
import { namingCall } from '../../support/errors.js';
import { dicom } from '../dicom.js';
import { type DicomWebOptions, dicomWebOptions } from './dicom-web-options.js';
import { listInstances, queryText } from './list-instances.js';
import { modalitiesIn } from './modality.js';
import { retrieveInstance } from './retrieve-instance.js';
import { serverAt } from './server.js';
import { storeObject } from './store-object.js';

/**
 * Makes a source of the images of a picture archive (PACS) that a query matches, by DICOMweb: QIDO-RS lists them, WADO-RS gives each
 * file when its image is read.
 *
 * Images are named by SOPInstanceUID and in its order. `patients` are keys, and absent where the service does not tell the patient of
 * each image. A request that fails in passing (busy, broken off, late) is made again after 0.5, 1, 2, ... seconds or what `Retry-After` says, up to
 * `longestWait`; what fails for good, another instance than was asked for among it, is the problem of its image. Where the query names modalities, what a
 * server lists of others is left out (`OTHER_MODALITY`). Research software, not a medical device.
 *
 * @param url the address of the service, before `/instances` and `/studies`
 * @param options all have defaults; `decoders` is `[dicom({ keys })]`
 * @returns the source, its records, `open`, which gives the file of a record and fits the option of `imageSource`, and `store`, which nothing calls but you: it
 * sends what `dicomResult` makes back into the study of a record
 * @throws EMPTY_SET where nothing matches; the reason of `signal`; IMAGE_UNREADABLE or IMAGE_TOO_LARGE where the list cannot be read; INVALID_OPTION, also above `maxInstances`; UNKNOWN_OPTION, NO_CRYPTO; never INVALID_RECORDS, for no image has a label, and all have a patient or none;
 *   on reading INDEX_OUT_OF_RANGE, MISSING_PEER, SHAPE_MISMATCH, and with the name of the image IMAGE_UNREADABLE, IMAGE_TRUNCATED, IMAGE_INVALID, IMAGE_TOO_LARGE, IMAGE_UNSUPPORTED; on storing NOT_STORED
 * @see DICOM PS3.18, sections 10.4 (WADO-RS), 10.5 (STOW-RS) and 10.6 (QIDO-RS).
 * @example
 * const films = await dicomWebSource('https://pacs.example.org/dicom-web', {
 *   query: { Modality: 'DX', StudyDate: '20260101-20260131' },
 *   headers: () => ({ authorization: `Bearer ${token}` }),
 *   size: [256, 256],
 *   onUnreadable: 'skip',
 * });
 * const { ids, scores, problems } = await model.score(films);
 * // Results back, where they are wanted:
 * const [record] = films.records;
 * const report = await dicomResult.structuredReport(await films.open(record), { score: scores[0], model: 'sha256 1f0c' });
 * await films.store(record, report);
 */
export async function dicomWebSource(
  url: string,
  options: DicomWebOptions = {},
): Promise<
  ImageSource & {
    /** A record for each image, in the order of the source, with no identifier of a patient. */
    readonly records: readonly ImageRecord[];
    /** The whole file of one of `records`. */
    readonly open: (record: ImageRecord) => Promise<Uint8Array>;
    /**
     * Stores what was made of the film of one of `records` in its study, by STOW-RS; resolves once the server names it among what it has.
     * The same object sent again is the same one there. Throws NOT_STORED, and INVALID_OPTION for an object of another study.
     */
    readonly store: (record: ImageRecord, object: Uint8Array) => Promise<void>;
  }
> {
  const where = 'dicomWebSource';
  checkKnownOptions(where, options, dicomWebOptions);
  const {
    query = {},
    keys = makeKeys(where),
    pageSize = 200,
    maxInstances = 2 ** 20,
    ...others
  } = options;
  const { headers, fetch, retries, longestWait, timeout, signal, ...decoding } = others;
  const { decoders = [dicom({ keys })], maxPixels = defaultMaxPixels } = decoding;
  checkNumber(where, 'pageSize', pageSize, { min: 1, integer: true });
  checkNumber(where, 'maxInstances', maxInstances, { min: 1, integer: true });
  checkNumber(where, 'maxPixels', maxPixels, { min: 1, integer: true });
  const text = queryText(where, query);
  const modalities = modalitiesIn(query);
  const server = serverAt(where, url, { headers, fetch, retries, longestWait, timeout, signal });
  const places = new Map<string, string | undefined>();
  const placeOf = ({ path }: ImageRecord) => {
    const place = places.get(path);
    if (place) return place;
    throw imageProblem(
      'IMAGE_INVALID',
      undefined,
      'the list of the server does not name its study, series and instance',
      'expected three UIDs (0020,000D), (0020,000E), (0008,0018); tell who runs the server',
    );
  };
  const open = async (record: ImageRecord) =>
    retrieveInstance(server, { uid: record.path, place: placeOf(record) }, maxPixels, modalities);
  const store = async (record: ImageRecord, object: Uint8Array) =>
    storeObject(server, placeOf(record), object);
  const reading = { ...decoding, decoders, open };
  // What is wrong with the options is said before anything is asked for.
  recordReader(where, reading);
  const { found, others: left } = await namingCall(where, () =>
    listInstances(server, { query: text, modalities, keys, pageSize, maxInstances }),
  );
  if (left > 0)
    decoding.onWarning?.({
      code: 'OTHER_MODALITY',
      message: `${where}: the server listed ${left} ${left === 1 ? 'instance' : 'instances'} of another modality than the query names; left out.`,
    });
  check(
    found.length > 0,
    'EMPTY_SET',
    () => `${where}: the server has no instance that the query matches; expected at least one.`,
  );
  for (const { record, place } of found) places.set(record.path, place);
  const everyPatient = found.every(({ record }) => record.patient !== undefined);
  const records = found.map(({ record: { patient, ...record } }) =>
    everyPatient ? { ...record, patient } : record,
  );
  return { ...decodedSource(where, records, reading), records, open, store };
}
