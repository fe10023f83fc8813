import { checkChoice, checkKnownOptions } from '../support/check.js';
import { badLine, type ListFile, readTable } from './csv-table.js';
import { ageInYears, known, sexOf } from './fields.js';
import type { ImageRecord } from './image-record.js';
import { keyed } from './keyed.js';
import type { PatientKeys } from './patient-key.js';

/** The 14 observations of CheXpert, as its lists spell them. */
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

/** Options of `chexpertRecords`. */
export interface ChexpertOptions {
  /**
   * What an image is whose report is sure of no finding and unsure of some: without a label (the default),
   * 'abnormal' (the authors' U-Ones) or 'normal' (U-Zeros).
   */
  readonly uncertain?: 'unlabelled' | 'abnormal' | 'normal';
  /** Leaves out other views. */
  readonly views?: readonly ('AP' | 'PA' | 'LATERAL')[];
  /** Makes keys of the set's own patient numbers, which are public and in the paths. */
  readonly keys?: PatientKeys;
}

const FACTS = ['Path', 'Sex', 'Age', 'Frontal/Lateral', 'AP/PA'] as const;
const NO_DISEASE: readonly string[] = ['No Finding', 'Support Devices'];
const PATH = /^(?:.*\/)?(train|valid|test)\/(patient\d+)\/(study\d+)\/[^/]+$/;

/**
 * The images of CheXpert by one of its lists: any of the 12 diseases and findings is 1; 'No Finding' is 0,
 * with or without support devices.
 *
 * `findings` are the observations that are there for sure, 'Support Devices' among them. An image of which
 * the list says neither has no label, nor has one of which it says both: it is no known normal, and no anomaly
 * that can be relied on. 'No Finding' is then among its `findings`, beside the disease.
 *
 * @param list `train.csv` or `valid.csv`
 * @throws INVALID_RECORDS: a column missing, a path of another form or twice, or an observation that is not 1, 0, -1 or
 *   blank
 * @see Irvin et al. 2019, CheXpert (arXiv 1901.07031).
 * @example
 * const records = await chexpertRecords(await readFile('train.csv'), { views: ['PA'] });
 */
export async function chexpertRecords(
  list: ListFile,
  options: ChexpertOptions = {},
): Promise<ImageRecord[]> {
  const where = 'chexpertRecords';
  checkKnownOptions(where, options, ['uncertain', 'views', 'keys']);
  const { uncertain = 'unlabelled', views, keys } = options;
  checkChoice(where, 'uncertain', uncertain, ['unlabelled', 'abnormal', 'normal']);
  const records = new Map<string, ImageRecord>();
  await readTable(where, list, [...FACTS, ...chexpertObservations], ({ line, fields }) => {
    const [path, part, number, study] = PATH.exec(fields.Path.trim()) ?? [];
    if (path === undefined) throw badLine(where, line, 'is not a path of CheXpert', 'Path');
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
        ...labelOf(fields, line, uncertain),
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
      throw badLine('chexpertRecords', line, 'is not 1, 0, -1 or blank', observation);
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
