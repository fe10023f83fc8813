import { join } from 'node:path';
import Papa from 'papaparse';
import type { ImageRecord, InspectedImages } from 'salad-ad/data';

/** Of a record; nothing that names a patient. */
const KNOWN = ['label', 'view', 'bodyPart', 'laterality', 'age', 'sex', 'part'] as const;
/** Of the pixels. */
const MEASURED = [
  'height',
  'width',
  'brightness',
  'sharpness',
  'localContrast',
  'fineTexture',
] as const;

/**
 * What is known of each film, as CSV: a row for each, empty where something is not known.
 *
 * @param root where the paths of the records start
 * @param inspected by the id of a record; without it there are no columns of the pixels
 */
export function filmTable(
  root: string,
  records: readonly ImageRecord[],
  inspected?: InspectedImages,
): string {
  const measured = inspected ? MEASURED : [];
  const rows = records.map((record) => {
    const pixels = inspected?.get(record.id ?? record.path);
    return [
      join(root, record.path),
      ...KNOWN.map((name) => record[name] ?? ''),
      ...measured.map((name) => pixels?.[name] ?? ''),
    ];
  });
  const all = [['file', ...KNOWN, ...measured], ...rows];
  return `${Papa.unparse(all, { newline: '\n', escapeFormulae: true })}\n`;
}
