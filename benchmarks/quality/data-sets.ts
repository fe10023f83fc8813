import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import {
  csvRecords,
  type ImageRecord,
  type ImageSource,
  nihRecords,
  npzSource,
} from 'salad-ad/data';
import type { ExperimentData } from 'salad-ad/experiments';
import { recordSource } from 'salad-ad/node';
import films from './chest-films.json' with { type: 'json' };
import { pneumoniaMnist, pneumoniaMnistAgain } from './pneumonia-mnist.js';
import { resized } from './resized.js';

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
    nih64: () => fromList('nih64/index.csv', 'nih64', size),
    pneumoniamnist: () => pneumoniaMnist(root, size),
    'pneumoniamnist-again-1': () => pneumoniaMnistAgain(root, size, 1),
    'pneumoniamnist-again-2': () => pneumoniaMnistAgain(root, size, 2),
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

const folders: Readonly<Record<string, string>> = {
  kermany: 'cxr-pneumonia/128/',
  nih256: 'nih-cxr/256/',
  nih64: 'nih64/64/',
  knee: 'knee/128/',
};

/**
 * Patients whose films are in the test part of both NIH sets. They are left out of nih64, so that the two tests are of
 * different people and may be read as two results.
 */
const IN_BOTH_NIH_TESTS = ['150', '193', '218'];

/** A set whose list names the part of each image. */
async function fromList(list: string, dataset: string, size: number): Promise<ExperimentData> {
  if (!root) throw new Error(`${dataset} needs SALAD_AD_DATA, the folder with ${list}`);
  const isNih = dataset.startsWith('nih');
  const records = await csvRecords(await readFile(join(root, list)), {
    path: 'path',
    label: 'label',
    patient: 'patient',
    findings: 'finding',
    part: 'split',
    ...(isNih && { view: 'view', age: 'age', sex: 'sex' }),
    keys: false,
  });
  const folder = folders[dataset];
  const own = records.filter(
    ({ path, patient = '' }) =>
      path.startsWith(folder) && !(dataset === 'nih64' && IN_BOTH_NIH_TESTS.includes(patient)),
  );
  const sizes = isNih ? await nihSizes(root) : undefined;
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
