/**
 * Draws split.svg: the example's films of NIH ChestX-ray14, split by patient.
 *
 *   npx tsx docs/images/split.ts
 */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import {
  checkSplit,
  inspectImages,
  splitByPatient,
  splitSummary,
  summaryText,
} from 'salad-ad/data';
import { nihFolder, recordSource } from 'salad-ad/node';
import { figures } from 'salad-ad/report';

const folder = fileURLToPath(new URL('../../examples/data/nih-cxr', import.meta.url));
const records = await nihFolder(folder);
const { parts } = splitByPatient(records, {
  parts: { train: 0.5, validation: 0.2, test: 0.3 },
  seed: 1,
});
const films = recordSource(folder, records);
const inspected = await inspectImages(films);
checkSplit(parts, { inspected });
const summary = splitSummary(parts, { inspected });
console.log(summaryText(summary));
const svg = await figures.split(summary);
await writeFile(new URL('split.svg', import.meta.url), `${svg}\n`);
