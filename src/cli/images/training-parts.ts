import type { ImageRecord } from 'salad-ad/data';
import type { Given, Option, Speaker } from '../frame/command.js';
import { unusable } from '../frame/failure.js';
import { library } from '../frame/library.js';
import { imagesText } from '../frame/names.js';
import { recordOptions } from '../options/records.js';
import { type FoundRecords, readRecords, summaryText } from './read-records.js';

/** Which images teach, and which set the threshold. */
export const partOptions = {
  ...recordOptions,
  validation: {
    type: 'text',
    value: 'FOLDER',
    help: 'images that set the threshold; default the part of that name, else some of the others',
  },
  holdOut: {
    type: 'number',
    value: 'SHARE',
    min: 0,
    max: 0.9,
    help: 'share that sets the threshold where no other images do; default 0.2, and 0 for no threshold',
  },
  knownAnomalies: {
    type: 'switch',
    help: 'learn from images labelled abnormal too; no score is made of their rows',
  },
  seed: { type: 'number', value: 'N', whole: true, help: 'of everything that is drawn; default 0' },
} as const satisfies Readonly<Record<string, Option>>;

/** Records to learn from, and records of other patients for the threshold. */
export interface TrainingParts {
  readonly train: Part;
  readonly validation?: Part;
}

/** Records with the folder that their paths start at. */
export interface Part {
  readonly root: string;
  readonly records: readonly ImageRecord[];
}

/** Divides the images of a folder or list by what it says itself, else by patients. */
export async function trainingParts(
  path: string | undefined,
  given: Given<typeof partOptions>,
  say: Speaker,
): Promise<TrainingParts> {
  const found = await readRecords(path, given, say);
  if (found.summary) say.note(summaryText(found.summary));
  const named = (part: string) => found.records.filter((record) => record.part === part);
  const train = named('train').length > 0 ? named('train') : unnamed(found);
  const { root } = found;
  const learnt = train.filter(({ label }) => given.knownAnomalies || label !== 1);
  if (learnt.every(({ label }) => label === 1))
    throw unusable(
      `'${path}' has no normal images to learn from; name their folder 'normal', or say which it is: { "labels": { "your-folder": 0 } } in a configuration file`,
    );
  if (given.validation) {
    const other = await readRecords(given.validation, given, say);
    return {
      train: { root, records: learnt },
      validation: { root: other.root, records: other.records },
    };
  }
  const validation = ['validation', 'val'].flatMap(named);
  if (validation.length > 0)
    return { train: { root, records: learnt }, validation: { root, records: validation } };
  const { holdOut = 0.2, seed = 0 } = given;
  if (holdOut === 0) return { train: { root, records: learnt } };
  const halves = await heldOut(learnt, holdOut, seed, say);
  // Abnormal ones tell what the threshold finds.
  const taught = new Set(halves.train.map(unitOf));
  const abnormal = train.filter((record) => record.label === 1 && !learnt.includes(record));
  const judged = abnormal.filter((record) => !taught.has(unitOf(record)));
  return {
    train: { root, records: halves.train },
    validation: { root, records: [...halves.validation, ...judged] },
  };
}

/** All but those of a test part. */
const unnamed = ({ records }: FoundRecords) => records.filter(({ part }) => part !== 'test');

const unitOf = ({ patient, path }: ImageRecord) => patient ?? path;

async function heldOut(
  records: readonly ImageRecord[],
  share: number,
  seed: number,
  say: Speaker,
): Promise<{ train: readonly ImageRecord[]; validation: readonly ImageRecord[] }> {
  const { splitByPatient } = library('salad-ad/data');
  const known = records.every(({ patient }) => patient !== undefined);
  if (!known)
    say.warning({
      code: 'PATIENTS_UNKNOWN',
      message:
        'nothing says which images are of one patient, so that images of one patient may both teach and set the threshold; give --patient-pattern, a list with a column patient, or --validation',
    });
  const units = known ? records : records.map((record) => ({ ...record, patient: record.path }));
  const { parts } = splitByPatient(units, { parts: { train: 1 - share, validation: share }, seed });
  if (parts.train.length < 2 || parts.validation.length === 0)
    throw unusable(
      `${imagesText(records.length)} cannot both teach and set a threshold: ${parts.train.length} would teach and ${parts.validation.length} set it; give more normal images, other ones with --validation FOLDER, or --hold-out 0 for no threshold`,
    );
  const back = (part: readonly ImageRecord[]) =>
    known ? part : part.map(({ patient: _, ...record }) => record);
  say.note(
    `${parts.validation.length} of ${records.length} images are held out to set the threshold`,
  );
  return { train: back(parts.train), validation: back(parts.validation) };
}
