import { imageProblem } from '../../decoding/image-problem.js';
import type { ImageRecord } from '../../records/image-record.js';
import type { PatientKeys } from '../../records/patient-key.js';
import { check, checkObject } from '../../support/check.js';
import { readMetadata } from '../metadata.js';
import type { DicomWebOptions } from './dicom-web-options.js';
import type { Answer, Server } from './server.js';
import { PassingFailure } from './server-failure.js';

/** An instance that a query found. */
export interface ListedInstance {
  readonly record: ImageRecord;
  /** Where it is below the address of the server; undefined where the server does not say it. */
  readonly place?: string;
}

/** What a page may have, far more than 10,000 instances take. */
const MAX_PAGE_BYTES = 2 ** 26;
/** Of these the records hold keys and facts. */
const ATTRIBUTES = [
  '00100020',
  '00101010',
  '00100040',
  '00185101',
  '00180015',
  '00200060',
  '00200062',
];

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
 * All instances that match, in the order of their UIDs, whatever the order of the server.
 *
 * @see DICOM PS3.18, 10.6 (search transaction)
 */
export async function listInstances(
  server: Server,
  query: string,
  keys: PatientKeys,
  { pageSize, maxInstances }: Required<Pick<DicomWebOptions, 'pageSize' | 'maxInstances'>>,
): Promise<ListedInstance[]> {
  const found = new Map<string, ListedInstance>();
  const fields = ATTRIBUTES.map((tag) => `includefield=${tag}`).join('&');
  let named = 0;
  let whole = false;
  for (let offset = 0; ; ) {
    const range = `limit=${pageSize}&offset=${offset}`;
    const path = `instances?${[query, fields, range].filter(Boolean).join('&')}`;
    const page = await server({
      path,
      accept: 'application/dicom+json',
      checkSize: checkPageSize,
      take: itemsOf,
    });
    if (page.length === 0) break;
    const before = named;
    for (const [i, item] of page.entries()) {
      const uid = uidOf(item, '00080018');
      const id = uid ?? `entry-${offset + i + 1}`;
      if (found.has(id)) continue;
      found.set(id, await listed(id, item, keys));
      if (uid) named++;
      check(
        found.size <= maxInstances,
        'INVALID_OPTION',
        () =>
          `the server has found more than ${maxInstances} instances; expected at most maxInstances; narrow the query, or raise maxInstances.`,
      );
    }
    // A server that gives more than was asked for gives all at once, whatever page is asked for.
    whole ||= offset === 0 && page.length > pageSize;
    if (named === before && whole) break;
    if (named === before)
      throw imageProblem(
        'IMAGE_UNREADABLE',
        undefined,
        `the server sent instances from number ${offset + 1} on that it had sent before, or without their UIDs`,
        'expected other ones, or none; narrow the query, and give a pageSize below the number of instances that it matches',
      );
    offset += page.length;
  }
  return [...found.values()].sort((a, b) => (a.record.path < b.record.path ? -1 : 1));
}

type Item = Readonly<Record<string, { readonly Value?: readonly unknown[] } | undefined>>;

function checkPageSize(bytes: number): void {
  if (bytes > MAX_PAGE_BYTES)
    throw imageProblem(
      'IMAGE_TOO_LARGE',
      undefined,
      'the list of instances is too long',
      `expected at most ${MAX_PAGE_BYTES} bytes a page; narrow the query, or give a smaller pageSize`,
    );
}

function itemsOf({ type, bytes }: Answer): readonly Item[] {
  if (bytes.length === 0) return [];
  if (!/^\s*application\/(dicom\+)?json\b/i.test(type))
    throw imageProblem(
      'IMAGE_UNREADABLE',
      undefined,
      'the server sent another type of content than a list of instances',
      'expected application/dicom+json; url is no DICOMweb service, or a page to log in stands before it',
    );
  const items = parsed(bytes);
  if (Array.isArray(items)) return items.map((item) => Object(item));
  throw imageProblem(
    'IMAGE_UNREADABLE',
    undefined,
    'the server sent JSON that is no list',
    'expected a list of instances; url is no DICOMweb service',
  );
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw new PassingFailure('the server sent a list of instances that is cut off or no JSON');
  }
}

async function listed(id: string, item: Item, keys: PatientKeys): Promise<ListedInstance> {
  // JSON has its text in Unicode, whatever set the file names.
  const string = (tag: string) =>
    tag === 'x00080005' ? undefined : textIn(item, tag.slice(1).toUpperCase());
  const { format: _, ...facts } = await readMetadata({ string }, keys);
  const uids = ['0020000D', '0020000E', '00080018'].map((tag) => uidOf(item, tag));
  const [study, series, instance] = uids;
  const place = `studies/${study}/series/${series}/instances/${instance}`;
  return { record: { path: id, id, ...facts }, ...(uids.every(Boolean) && { place }) };
}

function textIn(item: Item, tag: string): string | undefined {
  const value = Object(Object(item[tag]).Value)[0];
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

/** Digits and dots alone: it stands in addresses and names images. */
function uidOf(item: Item, tag: string): string | undefined {
  const uid = textIn(item, tag);
  return uid && /^[0-9.]{1,64}$/.test(uid) && !/^\.+$/.test(uid) ? uid : undefined;
}
