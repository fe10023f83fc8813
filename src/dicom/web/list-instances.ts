import { imageProblem } from '../../decoding/image-problem.js';
import type { PatientKeys } from '../../records/patient-key.js';
import { check, checkObject } from '../../support/check.js';
import type { DicomWebOptions } from './dicom-web-options.js';
import { instanceUidOf, type ListedInstance, listed, modalityOf, pageOf } from './list-page.js';
import { isOther } from './modality.js';
import type { Server } from './server.js';

/** How often a list is read that changes meanwhile. */
const READINGS = 5;

/** What has changed while a list was read, and what was expected. */
type Change = readonly [what: string, expected: string];

const STAYS =
  'expected a list that stays as it is while it is read, for others would be missing; narrow the query, to a period that is over say, and give a pageSize below the number of instances that it matches';
const HEEDS =
  'expected a server that heeds offset, or sends its whole list whatever limit it is given, for others might be missing; give a pageSize below the number of instances that the query matches';

/** What is listed, and how. */
interface Listing extends Required<Pick<DicomWebOptions, 'pageSize' | 'maxInstances'>> {
  /** As it stands in an address. */
  readonly query: string;
  /** Instances that say they are of none of these are left out, for some servers heed little of a query; undefined: all are taken. */
  readonly modalities?: ReadonlySet<string>;
  readonly keys: PatientKeys;
}

/** The query as it stands in an address; values may be identifiers, so that no error repeats them. @throws INVALID_OPTION */
export function queryText(where: string, query: NonNullable<DicomWebOptions['query']>): string {
  checkObject(where, 'query', query, "names and values, such as { Modality: 'DX' }");
  for (const [name, value] of Object.entries(query)) {
    check(
      /^[A-Za-z0-9.]+$/.test(name) && !/^(limit|offset)$/i.test(name),
      'INVALID_OPTION',
      () =>
        `${where}: query has the name '${name}'; expected names or tags of attributes, such as Modality or 00080060; pages are asked for by pageSize.`,
    );
    check(
      typeof value === 'string' || typeof value === 'number',
      'INVALID_OPTION',
      () => `${where}: '${name}' of query is of type ${typeof value}; expected a text or a number.`,
    );
  }
  return Object.entries(query)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&');
}

/**
 * All instances that match, in the order of their UIDs, whatever the order of the server; and how many were left out, as of another modality.
 *
 * An instance that leaves the archive while the list is read moves all later ones up, so that one may stand on no page. Each page therefore begins with the
 * last instance of the page before; where another one stands there that was not seen yet, the list is read again.
 *
 * @see DICOM PS3.18, 10.6 (search transaction)
 */
export async function listInstances(
  server: Server,
  listing: Listing,
): Promise<{ readonly found: readonly ListedInstance[]; readonly others: number }> {
  const all = new Map<string, ListedInstance | undefined>();
  for (let reading = 1; ; reading++) {
    const change = await readOnce(server, listing, all);
    if (!change) break;
    if (reading === READINGS)
      throw imageProblem(
        'IMAGE_UNREADABLE',
        undefined,
        `${change[0]}, each of ${READINGS} times that the list was read`,
        change[1],
      );
  }
  const found = [...all.values()].filter((one) => one !== undefined);
  found.sort((a, b) => (a.record.path < b.record.path ? -1 : 1));
  return { found, others: all.size - found.length };
}

/**
 * Reads the list from its beginning to its end.
 *
 * @param all by name, undefined where left out; what is listed is added
 * @returns what has changed meanwhile; undefined where nothing has
 */
async function readOnce(
  server: Server,
  { query, modalities, keys, pageSize, maxInstances }: Listing,
  all: Map<string, ListedInstance | undefined>,
): Promise<Change | undefined> {
  const seen = new Set<string>();
  let named = 0;
  let whole = false;
  for (let next = 0; ; ) {
    const before = named;
    // The last one of the page before.
    const known = Math.min(1, next);
    const offset = next - known;
    // Some servers refuse more than their maximum; beside the one that is known there has to be room for another.
    const limit = Math.max(pageSize, 1 + known);
    const page = await pageOf(server, query, { limit, offset });
    // A server that gives more than was asked for gives all at once, whatever page is asked for.
    whole ||= next === 0 && page.length > pageSize;
    const ids = page.map((item, i) => instanceUidOf(item) ?? `entry-${offset + i + 1}`);
    const follows = known === 0 || seen.has(ids[0]) || (whole && page.length === 0);
    for (const [i, id] of ids.entries()) {
      if (seen.has(id)) continue;
      seen.add(id);
      if (instanceUidOf(page[i])) named++;
      const other = isOther(modalityOf(page[i]), modalities);
      if (!all.has(id)) all.set(id, other ? undefined : await listed(id, page[i], keys));
      check(
        all.size <= maxInstances,
        'INVALID_OPTION',
        () =>
          `the server has found more than ${maxInstances} instances; expected at most maxInstances; narrow the query, or raise maxInstances.`,
      );
    }
    if (!follows)
      return [
        `instances before number ${next + 1} went from the server while it sent its list`,
        STAYS,
      ];
    if (page.length <= known || (whole && named === before)) return undefined;
    if (named === before)
      return [
        `the server sent instances from number ${next + 1} on that it had sent before, or without their UIDs`,
        // It began anew.
        next > 1 && ids[0] === [...seen][0] ? HEEDS : STAYS,
      ];
    next = offset + page.length;
  }
}
