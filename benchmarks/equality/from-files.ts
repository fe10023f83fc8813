import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ScoreResult } from 'salad-ad';
import sharp from 'sharp';
import { element, number, textOf } from '../../test/dicom/writer.js';
import { largestApart, otherVerdicts } from './compare.js';
import { type Films, filmOf } from './films.js';
import { ortNodeScorer } from './in-node.js';
import { filesOnPython } from './in-python.js';
import type { KeptModel } from './kept-model.js';
import { orMissing, type Row } from './runtime-rows.js';
import type { Scored } from './scored.js';

/** How far two ways from the same file to a score are apart. */
export interface FileDifferences {
  readonly score: number;
  readonly otherVerdicts: number;
}

type Judged = Pick<Scored, 'scores' | 'abnormal'>;

/** Of each kind of file: `model.scoreFiles` on the present backend against two ways through the ONNX file. */
export async function fileRows(kept: KeptModel): Promise<Row<FileDifferences>[]> {
  const rows: Row<FileDifferences>[] = [];
  const scorer = await orMissing(() => ortNodeScorer(kept, 'float32'));
  for (const [ending, write] of Object.entries(WRITERS)) {
    console.error(`${kept.size} px: ${ending} files`);
    const paths = await written(kept, ending, write);
    // The model learnt from arrays, so that the recipe is given: grey, and its own resize.
    const recipe = { channels: 1 } as const;
    const result = await kept.model.scoreFiles(paths, { recipe });
    const reference = judged(result);
    const add = async (way: string, score: () => Promise<Judged>) => {
      const found = await orMissing(async () => {
        const other = await score();
        return {
          score: largestApart(other.scores, reference.scores),
          otherVerdicts: otherVerdicts(other, reference, result.threshold as number).length,
        };
      });
      rows.push({ name: `${ending}: ${way}`, promised: true, found });
    };
    await add('OnnxScorer.scoreFiles', async () => {
      if (scorer instanceof Error) throw scorer;
      return judged(await scorer.scorer.scoreFiles(paths, { recipe }));
    });
    await add('examples/python/score.py', () => filesOnPython(kept.folder, paths));
  }
  return rows;
}

function judged({ scores, abnormal, problems }: ScoreResult): Judged {
  if (problems || !abnormal) throw new Error('expected verdicts of files that can all be read');
  return { scores: Array.from(scores), abnormal: [...abnormal] };
}

/** Every fourth test film in a file of its own. */
async function written(
  { films, folder }: KeptModel,
  ending: string,
  write: (films: Films, index: number) => Promise<Uint8Array>,
): Promise<string[]> {
  await mkdir(join(folder, ending), { recursive: true });
  const paths: string[] = [];
  for (let i = 0; i < films.count; i += 4) {
    const path = join(folder, ending, `${i}.${ending}`);
    await writeFile(path, await write(films, i));
    paths.push(path);
  }
  return paths;
}

const WRITERS: Readonly<Record<string, (films: Films, index: number) => Promise<Uint8Array>>> = {
  png: (films, index) => image(films, index).png().toBuffer(),
  jpg: (films, index) => image(films, index).jpeg({ quality: 90 }).toBuffer(),
  dcm: async (films, index) => dicomFile(films, index),
};

function image(films: Films, index: number) {
  const raw = { width: films.width, height: films.height, channels: 1 as const };
  return sharp(filmOf(films, index), { raw }).toColourspace('b-w');
}

/** A film of 12 bits without a window, as detectors write them. */
function dicomFile(films: Films, index: number): Uint8Array {
  const uid = (text: string) => textOf(text).map((code) => (code === 32 ? 0 : code));
  const kind = uid('1.2.840.10008.5.1.4.1.1.1');
  const own = uid(`1.2.3.${index + 1}`);
  const stored = Uint16Array.from(filmOf(films, index), (value) => value * 16 + (value >> 4));
  const meta = [
    ...element(0x00020001, 'OB', [0, 1]),
    ...element(0x00020002, 'UI', kind),
    ...element(0x00020003, 'UI', own),
    ...element(0x00020010, 'UI', uid('1.2.840.10008.1.2.1')),
  ];
  const short = (tag: number, value: number) => element(tag, 'US', number(value, 2));
  return Uint8Array.from([
    ...new Array(128).fill(0),
    ...textOf('DICM'),
    ...element(0x00020000, 'UL', number(meta.length, 4)),
    ...meta,
    ...element(0x00080016, 'UI', kind),
    ...element(0x00080018, 'UI', own),
    ...element(0x00080060, 'CS', textOf('CR')),
    ...short(0x00280002, 1),
    ...element(0x00280004, 'CS', textOf('MONOCHROME2')),
    ...short(0x00280010, films.height),
    ...short(0x00280011, films.width),
    ...short(0x00280100, 16),
    ...short(0x00280101, 12),
    ...short(0x00280102, 11),
    ...short(0x00280103, 0),
    ...element(0x7fe00010, 'OW', new Uint8Array(stored.buffer)),
  ]);
}
