import { checkChoice, checkKnownOptions } from '../support/check.js';
import { SaladError } from '../support/errors.js';
import { type ListFile, linesOf } from './csv-table.js';
import { checkRecords, type ImageRecord } from './image-record.js';
import { checkListed } from './nih.js';

const LISTS = {
  normalTrain: ['train', 0],
  normalVal: ['val', 0],
  abnormalVal: ['val', 1],
  normalTest: ['test', 0],
  abnormalTest: ['test', 1],
} as const;

/**
 * The images of NIH ChestX-ray14 that Tang et al. chose and SALAD's paper follows, with their `part`: 'train' (normal images
 * alone), 'val' or 'test'.
 *
 * Lists and table disagree on 30 images of the table of 2020. The findings always stay the table's, so a label 0 with findings,
 * or 1 without, is an image that they disagree on.
 *
 * @param records what `nihRecords` returns, with all views
 * @param lists the five lists as published, a name a line: 4,261 normal images for training, 849 normal and 857 abnormal ones
 *   for validation, 677 normal and 667 abnormal ones for the test
 * @param options `labels`: 'lists' (default) labels an image by its list, as the published results do; 'table' by the findings
 * @returns in the order of the lists
 * @throws INVALID_RECORDS for a name that is not in `records` or is in two lists; UNKNOWN_OPTION, INVALID_OPTION
 * @see Tang et al. 2019, Abnormal chest X-ray identification with generative adversarial one-class classifier (ISBI).
 * @example
 * const train = tangRecords(await nihRecords(table), lists).filter(({ part }) => part === 'train');
 */
export function tangRecords(
  records: readonly ImageRecord[],
  lists: Readonly<
    Record<'normalTrain' | 'normalVal' | 'abnormalVal' | 'normalTest' | 'abnormalTest', ListFile>
  >,
  options: {
    /**
     * Which label an image has where its list and its findings disagree.
     * @defaultValue 'lists'
     */
    readonly labels?: 'lists' | 'table';
  } = {},
): ImageRecord[] {
  checkKnownOptions('tangRecords', options, { labels: true });
  const { labels = 'lists' } = options;
  checkChoice('tangRecords', 'labels', labels, ['lists', 'table']);
  checkKnownOptions('tangRecords: lists', lists, {
    normalTrain: true,
    normalVal: true,
    abnormalVal: true,
    normalTest: true,
    abnormalTest: true,
  });
  checkRecords('tangRecords', 'records', records);
  const byName = new Map(records.map((record) => [record.path.replace(/^.*\//, ''), record]));
  const chosen = new Map<string, ImageRecord>();
  for (const [list, [part, label]] of Object.entries(LISTS)) {
    const names = linesOf(`tangRecords: ${list}`, lists[list as keyof typeof LISTS]);
    checkListed(`tangRecords: ${list}`, names, byName);
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
