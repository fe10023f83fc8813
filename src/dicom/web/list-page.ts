import { imageProblem } from '../../decoding/image-problem.js';
import type { ImageRecord } from '../../records/image-record.js';
import type { PatientKeys } from '../../records/patient-key.js';
import { readMetadata } from '../metadata.js';
import type { Answer, Server } from './server.js';
import { PassingFailure } from './server-failure.js';

/** An instance that a query found. */
export interface ListedInstance {
  readonly record: ImageRecord;
  /** Where it is below the address of the server; undefined where the server does not say it. */
  readonly place?: string;
}

/** What a list says of one instance. */
export type Item = Readonly<Record<string, { readonly Value?: readonly unknown[] } | undefined>>;

/** What a page may have, far more than 10,000 instances take. */
const MAX_PAGE_BYTES = 2 ** 26;
const MODALITY = '00080060';
/** Of these the records hold keys and facts; the modality is compared with the query. */
const ATTRIBUTES = [
  '00100020',
  '00101010',
  '00100040',
  '00185101',
  '00180015',
  '00200060',
  '00200062',
  MODALITY,
];

/** Instances from one number on. @param query as it stands in an address */
export function pageOf(
  server: Server,
  query: string,
  { limit, offset }: { readonly limit: number; readonly offset: number },
): Promise<readonly Item[]> {
  const fields = ATTRIBUTES.map((tag) => `includefield=${tag}`).join('&');
  const range = `limit=${limit}&offset=${offset}`;
  return server({
    path: `instances?${[query, fields, range].filter(Boolean).join('&')}`,
    accept: 'application/dicom+json',
    checkSize: checkPageSize,
    take: itemsOf,
  });
}

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

/** @param id its name, which is its UID where the list has one */
export async function listed(id: string, item: Item, keys: PatientKeys): Promise<ListedInstance> {
  // JSON has its text in Unicode, whatever set the file names.
  const string = (tag: string) =>
    tag === 'x00080005' ? undefined : textIn(item, tag.slice(1).toUpperCase());
  const { format: _, ...facts } = await readMetadata({ string }, keys);
  const uids = ['0020000D', '0020000E', '00080018'].map((tag) => uidOf(item, tag));
  const [study, series, instance] = uids;
  const place = `studies/${study}/series/${series}/instances/${instance}`;
  return { record: { path: id, id, ...facts }, ...(uids.every(Boolean) && { place }) };
}

export const modalityOf = (item: Item): string | undefined => textIn(item, MODALITY);

/** SOPInstanceUID; undefined where the list has none, or something else in its place. */
export const instanceUidOf = (item: Item): string | undefined => uidOf(item, '00080018');

function textIn(item: Item, tag: string): string | undefined {
  const value = Object(Object(item[tag]).Value)[0];
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

/** Digits and dots alone: it stands in addresses and names images. */
function uidOf(item: Item, tag: string): string | undefined {
  const uid = textIn(item, tag);
  return uid && /^[0-9.]{1,64}$/.test(uid) && !/^\.+$/.test(uid) ? uid : undefined;
}
