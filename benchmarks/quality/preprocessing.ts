/**
 * How well the stages of preprocessing do: on drawn films of which corners, body and sign are known, and,
 * where data is at hand, how often a real film and its negative are told apart, and how often it is cropped.
 *
 *   [SALAD_AD_DATA=folder] npx tsx benchmarks/quality/preprocessing.ts
 */
import { readdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Carrier, openCv, preprocessXray, stages } from 'salad-ad/preprocessing';
import sharp from 'sharp';
import {
  bodyParts,
  type DrawnFilm,
  difficulties,
  drawnFilm,
} from '../../test/support/drawn-films.js';

const SEEDS = [1, 2, 3, 4, 5];
const cv = await openCv();
const prepare = preprocessXray({ cv, inversion: { turn: true } });
type Film = DrawnFilm['image'];

/** Share of the pixels in either that are in both. */
function overlap(a: ArrayLike<number>, b: ArrayLike<number>, from = 0.5): number {
  let [both, either] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    const [inA, inB] = [a[i] > from, b[i] > from];
    both += Number(inA && inB);
    either += Number(inA || inB);
  }
  return both / either;
}

/** The pixels within a convex outline, clockwise. */
function inside(corners: readonly (readonly [number, number])[], [height, width]: Film['shape']) {
  return Uint8Array.from({ length: height * width }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    return Number(
      corners.every(([ax, ay], c) => {
        const [bx, by] = corners[(c + 1) % 4];
        return (bx - ax) * (y - ay) - (by - ay) * (x - ax) >= 0;
      }),
    );
  });
}

/** The body where the film is prepared as `preprocessXray` does, from the known body. */
function bodyAfter(film: DrawnFilm, carriers: readonly Carrier['corners'][]): Uint8Array {
  const { shape } = film.image;
  let body: Film = { pixels: Float32Array.from(film.body), shape };
  for (const corners of carriers) body = stages.cropPerspective(cv, body, corners);
  const { pixels } = stages.resizeLongSide(cv, body, 512);
  return Uint8Array.from(pixels, (value) => Number(value > 0.5));
}

interface Measured {
  readonly carrier?: number;
  readonly missed: boolean;
  readonly falseCrop: boolean;
  readonly signRight: boolean;
  readonly body: number;
  readonly milliseconds: number;
}

async function measure(film: DrawnFilm): Promise<Measured> {
  const started = performance.now();
  const { quality } = await prepare(film.image);
  const milliseconds = performance.now() - started;
  const inverted = quality.flags.includes('inverted');
  // The stages once more, for the corners.
  let image: Film = film.image;
  let found = stages.detectCarrier(cv, image);
  if (found) image = stages.cropPerspective(cv, image, found.corners);
  if (inverted) image = stages.invert(image);
  if (!found && inverted) {
    found = stages.detectCarrier(cv, image);
    if (found) image = stages.cropPerspective(cv, image, found.corners);
  }
  const mask = stages.bodyPartMask(cv, stages.resizeLongSide(cv, image, 512));
  const { corners } = film;
  const { shape } = film.image;
  const carrier =
    corners && found ? overlap(inside(corners, shape), inside(found.corners, shape)) : undefined;
  return {
    carrier,
    missed: corners !== undefined && !found,
    falseCrop: found !== undefined && (!corners || (carrier ?? 0) < 0.8),
    signRight: inverted === film.inverted,
    body: overlap(mask, bodyAfter(film, found ? [found.corners] : [])),
    milliseconds,
  };
}

/** An 8-bit film of a folder. */
async function readFilm(path: string): Promise<Film> {
  const raw = await sharp(path).greyscale().raw().toBuffer({ resolveWithObject: true });
  return { pixels: new Uint8Array(raw.data), shape: [raw.info.height, raw.info.width, 1] };
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
const spread = (values: readonly number[]) =>
  values.length === 0 ? '-' : `${mean(values).toFixed(3)}, ${Math.min(...values).toFixed(3)}`;

const lines = [
  '# Preprocessing',
  '',
  `Made by \`npx tsx benchmarks/quality/preprocessing.ts\` with Node ${process.versions.node} and @techstark/opencv-js 4.12.0-release.1 on`,
  `${cpus()[0].model}, which was busy with other work: times are upper bounds.`,
  '',
  '## Drawn films',
  '',
  `Hand, forearm and shoulder, seeds ${SEEDS.join(', ')}: 15 films of 512 pixels for each difficulty (\`test/support/drawn-films.ts\`), turned by up to 20`,
  'degrees and seen at an angle. Intersection over union: mean, worst. "Wrong crops" are crops of films without a carrier, and those whose',
  'overlap with it is under 0.8. The body is compared after the crop that was made, so what a wrong crop cut off is not in it.',
  '',
  '| difficulty | carrier, where found | not found | wrong crops | sign right | body | ms, fastest |',
  '|---|---|---|---|---|---|---|',
];
for (const difficulty of difficulties) {
  const all: Measured[] = [];
  for (const part of bodyParts)
    for (const seed of SEEDS) all.push(await measure(drawnFilm(part, difficulty, seed)));
  const known = difficulty !== 'no carrier';
  const count = (which: 'missed' | 'falseCrop' | 'signRight') =>
    `${all.filter((one) => one[which]).length} of ${all.length}`;
  const carriers = all.flatMap(({ carrier }) => (carrier === undefined ? [] : [carrier]));
  const cells = [
    difficulty,
    spread(carriers),
    known ? count('missed') : '-',
    count('falseCrop'),
    count('signRight'),
    spread(all.map(({ body }) => body)),
    Math.min(...all.map(({ milliseconds }) => milliseconds)).toFixed(0),
  ];
  lines.push(`| ${cells.join(' | ')} |`);
  console.log(cells.join(' | '));
}

const data = process.env.SALAD_AD_DATA;
if (data) {
  lines.push(
    '',
    '## Real films',
    '',
    'Up to 100 films of each folder, as they are and as negatives. "By the mean" is the rule of antoine-spahr/X-ray-Anomaly-Detection, mean above 125 of',
    '255, on the same crops. The rule for the sign was chosen among nine on films of these folders and of seeds 0 to 2, and the limits of the carrier by looking at',
    'some of them, so neither is a test on unseen films. None of these sets is MURA. `inversion` is `{ turn: true }`.',
    '',
    '| films | cropped | sign right: film, negative | by the mean | no mask, small or large mask | ms, fastest |',
    '|---|---|---|---|---|---|',
  );
  for (const folder of [
    'cxr-pneumonia/native-jpeg/abnormal',
    'cxr-pneumonia/128/val/normal',
    'cxr-pneumonia/128/val/abnormal',
    'nih-cxr/256/train/normal',
    'nih-cxr/256/test/abnormal',
    'knee/128/val/normal',
  ]) {
    const files = (await readdir(join(data, folder))).sort().slice(0, 100);
    let [cropped, film, negative, meanFilm, meanNegative, flagged] = [0, 0, 0, 0, 0, 0];
    const times: number[] = [];
    for (const file of files) {
      const image = await readFilm(join(data, folder, file));
      const started = performance.now();
      const { quality } = await prepare(image);
      times.push(performance.now() - started);
      cropped += Number(quality.flags.includes('cropped'));
      film += Number(!quality.flags.includes('inverted'));
      flagged += Number(quality.flags.some((flag) => flag.includes('mask')));
      const found = stages.detectCarrier(cv, image);
      const crop = found ? stages.cropPerspective(cv, image, found.corners) : image;
      const brightness = mean(Array.from(crop.pixels));
      negative += Number(stages.groundBrightness(stages.invert(crop)) > 0);
      meanFilm += Number(brightness <= 125);
      meanNegative += Number(255 - brightness > 125);
    }
    const share = (value: number) => (value / files.length).toFixed(2);
    const cells = [
      `${folder} (${files.length})`,
      cropped,
      `${share(film)}, ${share(negative)}`,
      `${share(meanFilm)}, ${share(meanNegative)}`,
      flagged,
      Math.min(...times).toFixed(0),
    ];
    lines.push(`| ${cells.join(' | ')} |`);
    console.log(cells.join(' | '));
  }
}
await writeFile(
  fileURLToPath(new URL('preprocessing.md', import.meta.url)),
  `${lines.join('\n')}\n`,
);
