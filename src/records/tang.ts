import { checkChoice, checkKnownOptions } from '../support/check.js';
import { SaladError } from '../support/errors.js';
import { type ListFile, linesOf } from './csv-table.js';
import type { ImageRecord } from './image-record.js';
import { checkListed } from './nih.js';

/** The lists of Tang et al.: names of images of NIH ChestX-ray14, one a line. */
export interface TangLists {
  /** 4,261 names. */
  readonly normalTrain: ListFile;
  /** 849 names. */
  readonly normalVal: ListFile;
  /** 857 names. */
  readonly abnormalVal: ListFile;
  /** 677 names. */
  readonly normalTest: ListFile;
  /** 667 names. */
  readonly abnormalTest: ListFile;
}

const LISTS = {
  normalTrain: ['train', 0],
  normalVal: ['val', 0],
  abnormalVal: ['val', 1],
  normalTest: ['test', 0],
  abnormalTest: ['test', 1],
} as const;

/**
 * The part of NIH ChestX-ray14 that Tang et al. chose and SALAD's paper follows, with its parts
 * 'train' (normal images alone), 'val' and 'test'.
 *
 * Where list and table disagree (30 images of the table of 2020), `labels: 'lists'` takes the class of the
 * list, as the published results do, and `'table'` that of the findings. The findings stay the table's,
 * so a label 0 with findings, or 1 without, is an image they disagree on.
 *
 * @param records of `nihRecords`, without a view left out
 * @returns in the order of the lists
 * @throws INVALID_RECORDS: a name that is not in `records` or is in two lists
 * @see Tang et al. 2019, Abnormal chest X-ray identification with generative adversarial one-class classifier (ISBI).
 * @example
 * const train = tangRecords(await nihRecords(table), lists).filter(({ part }) => part === 'train');
 */
export function tangRecords(
  records: readonly ImageRecord[],
  lists: TangLists,
  options: { labels?: 'lists' | 'table' } = {},
): ImageRecord[] {
  checkKnownOptions('tangRecords', options, ['labels']);
  const { labels = 'lists' } = options;
  checkChoice('tangRecords', 'labels', labels, ['lists', 'table']);
  checkKnownOptions('tangRecords lists', lists, Object.keys(LISTS));
  const byName = new Map(records.map((record) => [record.path.replace(/^.*\//, ''), record]));
  const chosen = new Map<string, ImageRecord>();
  for (const [list, [part, label]] of Object.entries(LISTS)) {
    const names = linesOf('tangRecords', lists[list as keyof TangLists]);
    checkListed('tangRecords', names, byName);
    for (const name of names) {
      if (chosen.has(name))
        throw new SaladError(
          'INVALID_RECORDS',
          `tangRecords: '${name}' of the list ${list} is listed before; expected each image once; give the five lists as published.`,
          { name, list },
        );
      const record = byName.get(name)!;
      chosen.set(name, { ...record, part, label: labels === 'lists' ? label : record.label });
    }
  }
  return [...chosen.values()];
}
