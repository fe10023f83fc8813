/**
 * How well `nearDuplicates` tells copies from other films, and what it costs at 100,000 images.
 *
 *   SALAD_AD_DATA=<folder of the films> npx tsx benchmarks/near-duplicates/measure.ts
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  arraySource,
  type ImageRecord,
  type InspectedImages,
  inspectImages,
  nearDuplicates,
  RandomStream,
} from 'salad-ad/data';
import sharp, { type Sharp } from 'sharp';

const data = process.env.SALAD_AD_DATA ?? '';
const rows = readFileSync(join(data, 'index.csv'), 'utf8').trim().split('\n').slice(1);
const films = rows
  .map((row) => row.split(','))
  .map(([path, set, , , patient]) => ({ path, set, patient: `${set}/${patient}` }))
  .filter(({ set }) => ['kermany', 'nih256', 'knee'].includes(set));

type InspectedImage = NonNullable<ReturnType<InspectedImages['get']>>;

async function inspect(image: Sharp, noise?: RandomStream): Promise<InspectedImage> {
  const { data: bytes, info } = await image.greyscale().raw().toBuffer({ resolveWithObject: true });
  const pixels = Float32Array.from(bytes as Uint8Array, (value) =>
    Math.min(1, Math.max(0, value / 255 + (noise ? 0.03 * noise.gaussian() : 0))),
  );
  const source = arraySource({ pixels, shape: [info.height, info.width, 1], ids: ['film'] });
  return (await inspectImages(source)).get('film') as InspectedImage;
}

type Copy = (file: string, size: number) => Sharp | Promise<Sharp>;
const copies: Record<string, Copy> = {
  'JPEG, quality 60': async (file) => sharp(await sharp(file).jpeg({ quality: 60 }).toBuffer()),
  'half the size': (file, size) => sharp(file).resize(size >> 1),
  'brighter by 15 %': (file) => sharp(file).linear(1.15, -10),
  'noise, sd .03': (file) => sharp(file),
  'local equalisation': (file) =>
    sharp(file).greyscale().clahe({ width: 32, height: 32, maxSlope: 3 }),
  'gamma 1.6': (file) => sharp(file).greyscale().gamma(1.6, 1),
  'cropped by 2 % a side': (file, size) => {
    const left = Math.round(size * 0.02);
    const width = size - 2 * left;
    return sharp(file).extract({ left, top: left, width, height: width });
  },
  'turned by 1 degree': (file, size) =>
    sharp(file).rotate(1, { background: '#000' }).resize(size, size, { fit: 'cover' }),
  mirrored: (file) => sharp(file).flop(),
};

const inspected = new Map<string, InspectedImage>();
for (const { path } of films) inspected.set(path, await inspect(sharp(join(data, path))));
for (const set of ['kermany', 'nih256', 'knee']) {
  const all = films.filter((film) => film.set === set);
  const pairs = nearDuplicates({ all }, inspected, { distance: 47, withinParts: true });
  const distances = (same: boolean) =>
    pairs.filter(({ samePatient }) => samePatient === same).map(({ distance }) => distance);
  console.log(`${set}: ${all.length} films, ${(all.length * (all.length - 1)) / 2} pairs`);
  console.log(`  other patients, nearest: ${distances(false).slice(0, 5).join(' ')}`);
  console.log(`  one patient, nearest: ${distances(true).slice(0, 5).join(' ')}`);
  const drawn = Array.from(new RandomStream(1, [set]).permutation(all.length).subarray(0, 150));
  for (const [name, make] of Object.entries(copies)) {
    let [within31, within40] = [0, 0];
    for (const i of drawn) {
      const { path } = all[i];
      const file = join(data, path);
      const { width } = inspected.get(path) as InspectedImage;
      const noise = name.startsWith('noise') ? new RandomStream(1, [path]) : undefined;
      const pair = new Map([
        ['film', inspected.get(path)],
        ['copy', await inspect(await make(file, width), noise)],
      ]);
      const parts = { a: [{ path: 'film' }], b: [{ path: 'copy' }] };
      const [found] = nearDuplicates(parts, pair, { distance: 40 });
      within40 += Number(found !== undefined);
      within31 += Number(found !== undefined && found.distance <= 31);
    }
    console.log(
      `  ${name}: ${((100 * within31) / 150).toFixed(0)} % within 31, ${((100 * within40) / 150).toFixed(0)} % within 40`,
    );
  }
}

// 100,000 hashes: those of chest films with 40 to 100 bits turned over.
const hashes = films
  .filter(({ set }) => set !== 'knee')
  .map(({ path }) => (inspected.get(path) as InspectedImage).appearance);
const random = new RandomStream(1, ['many']);
const many = new Map<string, InspectedImage>();
const records: ImageRecord[] = [];
for (let i = 0; i < 100_000; i++) {
  const digits = Array.from(hashes[random.integer(hashes.length)], (digit) =>
    Number.parseInt(digit, 16),
  );
  for (let n = 40 + random.integer(61); n > 0; n--)
    digits[random.integer(64)] ^= 1 << random.integer(4);
  const appearance = digits.map((digit) => digit.toString(16)).join('');
  many.set(`${i}`, { content: '', appearance, height: 1, width: 1, brightness: 0 });
  records.push({ path: `${i}` });
}
const parts = { train: records.slice(0, 50_000), test: records.slice(50_000) };
for (const distance of [15, 31, 40]) {
  const start = process.cpuUsage();
  const found = nearDuplicates(parts, many, { distance });
  const { user, system } = process.cpuUsage(start);
  console.log(
    `100,000 images, ${distance} bits: ${((user + system) / 1e6).toFixed(1)} s of CPU, ${found.length} pairs`,
  );
}
