/**
 * Draws the pictures of results from the numbers in benchmarks/quality/results, with the drawing functions of the report.
 *
 *   npx tsx docs/images/results.ts
 */
import { writeFile } from 'node:fs/promises';
import { drawResults } from './results/draw.js';

for (const [name, svg] of Object.entries(await drawResults()))
  await writeFile(new URL(`${name}.svg`, import.meta.url), svg);
