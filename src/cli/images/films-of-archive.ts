import type { ImageRecord } from 'salad-ad/data';
import type { Speaker } from '../frame/command.js';
import { misused } from '../frame/failure.js';
import { library } from '../frame/library.js';

/** Where the value of the header Authorization stands: not on the line, which other users of the machine see. */
const AUTHORIZATION = 'SALAD_AD_DICOMWEB_AUTHORIZATION';

/** Films of an archive, by the names that results have for them. */
export interface ListedFilms {
  readonly ids: readonly string[];
  readonly records: readonly ImageRecord[];
  readonly open: (record: ImageRecord) => Promise<Uint8Array>;
  readonly store: (record: ImageRecord, object: Uint8Array) => Promise<void>;
}

/** The records of some of the films, in the order of their names. */
export function recordsOf(
  { ids, records }: ListedFilms,
  names: readonly string[],
): readonly ImageRecord[] {
  const byName = new Map(ids.map((id, i) => [id, records[i]]));
  // One that the archive lists no longer is told of as one that it does not give.
  return names.map((name) => byName.get(name) ?? { path: name });
}

/**
 * The films of a DICOMweb service that a query matches. No request and no wait outlasts the signal of the program.
 *
 * @param query as in an address: 'Modality=DX&StudyDate=20260101-'; undefined: all
 * @throws Failure; errors of `dicomWebSource`
 */
export async function filmsOfArchive(
  url: string,
  query: string | undefined,
  say: Speaker,
): Promise<ListedFilms> {
  const parts = [...new URLSearchParams(query ?? '')];
  if (new Set(parts.map(([name]) => name)).size < parts.length)
    throw misused(
      '--query has a name twice; expected each once, as Modality=DX&StudyDate=20260101-',
    );
  const { dicomWebSource } = library('salad-ad/dicom');
  const authorization = process.env[AUTHORIZATION];
  return dicomWebSource(url, {
    query: Object.fromEntries(parts),
    signal: say.signal,
    onWarning: (warning) => say.warning(warning),
    ...(authorization && { headers: { authorization } }),
  });
}
