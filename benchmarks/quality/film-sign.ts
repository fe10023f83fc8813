/**
 * How often a film is taken for a negative, and a negative for a film, by the threshold on `groundBrightness`.
 *
 *   SALAD_AD_DATA=folder npx tsx benchmarks/quality/film-sign.ts
 */
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stages } from 'salad-ad/preprocessing';
import sharp from 'sharp';

const data = process.env.SALAD_AD_DATA;
if (!data) throw new Error('SALAD_AD_DATA does not say where the films are');

const THRESHOLDS = [0, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2];
const lines = [
  '# The sign of films',
  '',
  'Made by `npx tsx benchmarks/quality/film-sign.ts`. Films of each set, all of them positives as far as is known, uncropped: how many are taken for negatives / how',
  'many of their negatives are not, where the corners are brighter than the mean by more than the threshold.',
  '',
  'That preprocessing only flags what is above 0, and turns nothing unless told, was chosen on train and val; test was looked at once, afterwards. Turning what',
  'is above a threshold does good only in a set of which it turns more negatives than films.',
  '',
  `| films | ${THRESHOLDS.join(' | ')} |`,
  `|---|${'---|'.repeat(THRESHOLDS.length)}`,
];
for (const parts of [['train', 'val'], ['test']])
  for (const set of ['nih-cxr/256', 'cxr-pneumonia/128', 'knee/128']) {
    const found: number[] = [];
    for (const folder of parts.flatMap((part) => [`${part}/normal`, `${part}/abnormal`]))
      for (const file of await readdir(join(data, set, folder))) {
        const film = sharp(join(data, set, folder, file))
          .greyscale()
          .raw();
        const { data: bytes, info } = await film.toBuffer({ resolveWithObject: true });
        const shape = [info.height, info.width, 1] as const;
        found.push(stages.groundBrightness({ pixels: new Uint8Array(bytes), shape }));
      }
    const cells = THRESHOLDS.map((above) => {
      // A negative has the same number with the other sign.
      const missed = found.filter((value) => -value <= above).length;
      return `${found.filter((value) => value > above).length} / ${missed}`;
    });
    lines.push(`| ${set}, ${parts.join(' and ')} (${found.length}) | ${cells.join(' | ')} |`);
    console.log(lines.at(-1));
  }
await writeFile(fileURLToPath(new URL('film-sign.md', import.meta.url)), `${lines.join('\n')}\n`);
