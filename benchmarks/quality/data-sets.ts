import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import {
  arraySource,
  csvRecords,
  type ImageRecord,
  type ImageSource,
  nihRecords,
  npzSource,
  RandomStream,
  resize,
  subset,
  toUnitRange,
} from 'salad-ad/data';
import type { ExperimentData } from 'salad-ad/experiments';
import { recordSource } from 'salad-ad/node';
import films from './chest-films.json' with { type: 'json' };

/** Folder of the sets that the repository does not hold. */
const root = process.env.SALAD_AD_DATA;

const PARTS = ['train', 'validation', 'test'] as const;
type Part = (typeof PARTS)[number];
type OpenData = () => Promise<ExperimentData>;

/** What opens each set of the tiers, its images brought to `size` once. */
export function openers(size: number): Readonly<Record<string, OpenData>> {
  return {
    'cxr-pneumonia': () => chestFilms(size),
    'cxr-pneumonia-128': () => fromList('index.csv', 'kermany', size),
    'nih-cxr': () => fromList('nih-cxr/index.csv', 'nih256', size),
    knee: () => fromList('index.csv', 'knee', size),
    pneumoniamnist: () => pneumoniaMnist(size),
  };
}

/** The films of the repository, 64 x 64, with what caused the pneumonia and who has several films. */
async function chestFilms(size: number): Promise<ExperimentData> {
  const file = new URL('../../examples/data/chest-xray/cxr_pneumonia_64.npz', import.meta.url);
  const bytes = new Uint8Array(await readFile(file));
  const causes: Readonly<Record<string, string[]>> = { b: ['bacterial'], v: ['viral'], '-': [] };
  return assembled(async (part) => {
    const source = npzSource(bytes, { split: part === 'validation' ? 'val' : part });
    const { patients, kinds: letters } = films[part];
    const records = source.ids.map((path, i) => ({
      path,
      patient: String(patients[i]),
      findings: causes[letters[i]],
    }));
    return { source: await resized(source, size), records };
  });
}

/** A set whose list names the part of each image. */
async function fromList(list: string, dataset: string, size: number): Promise<ExperimentData> {
  if (!root) throw new Error(`${dataset} needs SALAD_AD_DATA, the folder with ${list}`);
  const records = await csvRecords(await readFile(join(root, list)), {
    path: 'path',
    label: 'label',
    patient: 'patient',
    findings: 'finding',
    part: 'split',
    ...(dataset === 'nih256' && { view: 'view', age: 'age', sex: 'sex' }),
    keys: false,
  });
  const folder = { kermany: 'cxr-pneumonia/128/', nih256: 'nih-cxr/256/', knee: 'knee/128/' }[
    dataset
  ];
  const own = records.filter(({ path }) => path.startsWith(folder ?? '?'));
  const sizes = dataset === 'nih256' ? await nihSizes(root) : undefined;
  return assembled(async (part) => {
    const list = own
      .filter((record) => record.part === (part === 'validation' ? 'val' : part))
      .map((record) => ({
        ...record,
        findings: findingsOf(record),
        ...sizes?.(basename(record.path)),
      }));
    return { source: await resized(recordSource(root as string, list), size), records: list };
  });
}

/** What the films measured before NIH brought them to one size, by file name. */
async function nihSizes(folder: string) {
  const table = await readFile(join(folder, 'nih-cxr/Data_Entry_2017_v2020.csv.gz'));
  const records = await nihRecords(table);
  const sizes = new Map(records.map(({ path, originalSize }) => [basename(path), originalSize]));
  return (name: string) => {
    if (!sizes.has(name)) throw new Error(`${name} is not in NIH's table`);
    return { originalSize: sizes.get(name) };
  };
}

/**
 * Every abnormal film of the NIH subset says pneumonia, so that its other findings are what tells films apart; the
 * list of the chest films says which microbe.
 */
function findingsOf({ label, findings = [] }: ImageRecord): readonly string[] {
  if (label === 0) return [];
  const names = findings.map((name) => name.replace(/^pneumonia-bacteria$/, 'bacterial'));
  const found = names.map((name) => name.replace(/^pneumonia-virus$/, 'viral'));
  return found.length > 1 ? found.filter((name) => name !== 'Pneumonia') : found;
}

/** MedMNIST's training part, and its validation part halved by class; patients are not known. */
async function pneumoniaMnist(size: number): Promise<ExperimentData> {
  if (!root) throw new Error('pneumoniamnist needs SALAD_AD_DATA');
  const bytes = new Uint8Array(
    await readFile(join(root, 'pneumoniamnist/pneumoniamnist_trainval.npz')),
  );
  const train = await resized(npzSource(bytes, { split: 'train' }), size);
  const rest = await resized(npzSource(bytes, { split: 'val' }), size);
  const halves: [number[], number[]] = [[], []];
  for (const label of [0, 1]) {
    const rows = Array.from(rest.labels ?? []).flatMap((one, i) => (one === label ? [i] : []));
    const order = new RandomStream(0, ['pneumoniamnist', label]).permutation(rows.length);
    order.forEach((at, i) => {
      halves[i % 2].push(rows[at]);
    });
  }
  // A few films are there twice at this size.
  const kept = await without(train, rest);
  return { train: kept, validation: subset(rest, halves[0]), test: subset(rest, halves[1]) };
}

async function without(source: ImageSource, others: ImageSource): Promise<ImageSource> {
  const textOf = async (from: ImageSource, i: number) => String((await from.read([i])).pixels);
  const there = new Set<string>();
  for (let i = 0; i < others.length; i++) there.add(await textOf(others, i));
  const rows: number[] = [];
  for (let i = 0; i < source.length; i++) if (!there.has(await textOf(source, i))) rows.push(i);
  return subset(source, rows);
}

async function assembled(
  open: (part: Part) => Promise<{ source: ImageSource; records: readonly ImageRecord[] }>,
): Promise<ExperimentData> {
  const [train, validation, test] = await Promise.all(PARTS.map(open));
  return {
    train: train.source,
    validation: validation.source,
    test: test.source,
    records: { train: train.records, validation: validation.records, test: test.records },
  };
}

/** All images of a source in memory, means over areas where they are larger. */
async function resized(source: ImageSource, size: number): Promise<ImageSource> {
  const { length, ids, labels, patients } = source;
  const pixels = new Float32Array(length * size * size);
  for (let first = 0; first < length; first += 64) {
    const count = Math.min(64, length - first);
    const batch = await source.read(Array.from({ length: count }, (_, i) => first + i));
    const policy = { method: 'area', fit: 'stretch' } as const;
    const values = resize(toUnitRange(batch), [count, ...batch.shape], [size, size], policy);
    pixels.set(values, first * size * size);
  }
  return arraySource({ pixels, shape: [size, size, 1], ids, labels, patients });
}
