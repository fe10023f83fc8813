import { checkChoice, checkKnownOptions } from '../support/check.js';
import { badLine, type ListFile, readTable } from './csv-table.js';
import { ageInYears, known, sexOf } from './fields.js';
import type { ImageRecord } from './image-record.js';
import { keyed } from './keyed.js';
import type { PatientKeys } from './patient-key.js';

/** The 14 observations of CheXpert, spelt as in its lists. */
export const chexpertObservations = [
  'No Finding',
  'Enlarged Cardiomediastinum',
  'Cardiomegaly',
  'Lung Opacity',
  'Lung Lesion',
  'Edema',
  'Consolidation',
  'Pneumonia',
  'Atelectasis',
  'Pneumothorax',
  'Pleural Effusion',
  'Pleural Other',
  'Fracture',
  'Support Devices',
] as const;

/**
 * Options of `chexpertRecords`.
 *
 * @example
 * const options: ChexpertOptions = { uncertain: 'abnormal', views: ['PA', 'AP'] };
 */
export interface ChexpertOptions {
  /**
   * How to label an image whose report is uncertain of some disease and sure of none: without a label, as 'abnormal' (the
   * authors' U-Ones) or as 'normal' (U-Zeros).
   * @defaultValue 'unlabelled'
   */
  readonly uncertain?: 'unlabelled' | 'abnormal' | 'normal';
  /**
   * The views to keep.
   * @defaultValue all
   */
  readonly views?: readonly ('AP' | 'PA' | 'LATERAL')[];
  /**
   * Replaces the patient numbers of the set, which are public and in the paths, by keys.
   * @defaultValue the numbers stay
   */
  readonly keys?: PatientKeys;
}

const FACTS = ['Path', 'Sex', 'Age', 'Frontal/Lateral', 'AP/PA'] as const;
const NO_DISEASE: readonly string[] = ['No Finding', 'Support Devices'];
const PATH = /^(?:.*\/)?(train|valid|test)\/(patient\d+)\/(study\d+)\/[^/]+$/;

/**
 * Reads one of CheXpert's lists: an image with any of the 12 diseases and findings is labelled 1, one with 'No Finding' is
 * labelled 0, with or without support devices.
 *
 * `findings` are the observations that the list is certain of, 'Support Devices' among them. An image for which the list
 * names neither a disease nor 'No Finding' has no label. An image for which it names both has none either, since it is
 * neither reliably normal nor reliably abnormal; 'No Finding' is then among its `findings`, beside the disease.
 *
 * @param list `train.csv` or `valid.csv`
 * @param options `uncertain`, `views`, `keys`
 * @returns one record for each image, in the order of the list
 * @throws INVALID_RECORDS where a column is missing, a path has another form or is there twice, or an observation is not 1,
 *   0, -1 or blank; the message names line and column. UNKNOWN_OPTION, INVALID_OPTION
 * @see Irvin et al. 2019, CheXpert (arXiv 1901.07031).
 * @example
 * const records = await chexpertRecords(await readFile('train.csv'), { views: ['PA'] });
 */
export async function chexpertRecords(
  list: ListFile,
  options: ChexpertOptions = {},
): Promise<ImageRecord[]> {
  return readChexpert('chexpertRecords', list, options);
}

/** `chexpertRecords` for the public call `where`. */
export async function readChexpert(
  where: string,
  list: ListFile,
  options: ChexpertOptions,
): Promise<ImageRecord[]> {
  checkKnownOptions(where, options, ['uncertain', 'views', 'keys']);
  const { uncertain = 'unlabelled', views, keys } = options;
  checkChoice(where, 'uncertain', uncertain, ['unlabelled', 'abnormal', 'normal']);
  const records = new Map<string, ImageRecord>();
  await readTable(where, list, [...FACTS, ...chexpertObservations], ({ line, fields }) => {
    const [path, part, number, study] = PATH.exec(fields.Path.trim()) ?? [];
    if (path === undefined)
      throw badLine(
        where,
        line,
        'is not a path of CheXpert; expected one such as CheXpert-v1.0/train/patient00001/study1/view1_frontal.jpg',
        'Path',
      );
    if (records.has(path))
      throw badLine(where, line, 'names an image again; expected each once', 'Path');
    const patient = `chexpert-${number}`;
    const age = ageInYears(fields.Age);
    if (Number.isNaN(age)) throw badLine(where, line, 'is no age; expected years', 'Age');
    const lateral = fields['Frontal/Lateral'].trim() === 'Lateral';
    records.set(
      path,
      known<ImageRecord>({
        path,
        ...labelOf(where, fields, line, uncertain),
        patient,
        study: `${patient}/${study}`,
        view: lateral ? 'LATERAL' : fields['AP/PA'].trim() || undefined,
        age,
        sex: sexOf(fields.Sex),
        part,
      }),
    );
  });
  const wanted = views as readonly (string | undefined)[] | undefined;
  const all = [...records.values()];
  return keyed(wanted ? all.filter(({ view }) => wanted.includes(view)) : all, keys);
}

function labelOf(
  where: string,
  fields: Readonly<Record<(typeof chexpertObservations)[number], string>>,
  line: number,
  uncertain: 'unlabelled' | 'abnormal' | 'normal',
): Pick<ImageRecord, 'label' | 'findings'> {
  const findings: string[] = [];
  let unsure = false;
  for (const observation of chexpertObservations) {
    const text = fields[observation].trim();
    if (text === '') continue;
    const value = Number(text);
    if (![1, 0, -1].includes(value))
      throw badLine(where, line, 'is not 1, 0, -1 or blank', observation);
    if (value === 1) findings.push(observation);
    if (value === -1 && !NO_DISEASE.includes(observation)) unsure = true;
  }
  const clear = findings.includes('No Finding');
  const disease = findings.some((finding) => !NO_DISEASE.includes(finding));
  if (clear && disease) return { label: undefined, findings };
  const seen = findings.filter((finding) => finding !== 'No Finding');
  if (disease) return { label: 1, findings: seen };
  if (unsure && uncertain !== 'unlabelled')
    return { label: uncertain === 'abnormal' ? 1 : 0, findings: seen };
  return { label: clear && !unsure ? 0 : undefined, findings: seen };
}
