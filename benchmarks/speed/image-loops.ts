/**
 * Nanoseconds a pixel of each loop that prepares images, beside another version's where its src is given:
 *
 *   mkdir -p output/before && git archive 294c2f1 src | tar x -C output/before
 *   npx tsx benchmarks/speed/image-loops.ts output/before/src
 */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as data from 'salad-ad/data';

type Library = Pick<
  typeof data,
  | 'augment'
  | 'equalize'
  | 'localContrast'
  | 'RandomStream'
  | 'resize'
  | 'slightAugmentation'
  | 'toUnitRange'
>;

const folders = [...process.argv.slice(2, 3), 'src'];
const versions: Library[] = await Promise.all(
  folders.map((folder) => import(pathToFileURL(resolve(folder, 'data/index.ts')).href)),
);

const random = new versions[0].RandomStream(1);
console.log(`ns a pixel, ${folders.join(' | ')} | ratio`);
for (const side of [64, 256]) {
  const count = side === 64 ? 4 : 1;
  const shape = [count, side, side, 1] as const;
  const bytes = Uint8Array.from({ length: count * side * side }, () => random.integer(256));
  const levels = Float32Array.from(bytes, (byte) => byte / 255);
  const distinct = levels.map((value, i) => 0.99 * value + 1e-7 * i);
  const half = [side / 2, side / 2] as const;
  const loops: Record<string, (library: Library) => unknown> = {
    'unit range': ({ toUnitRange }) => toUnitRange({ pixels: bytes, shape: [side, side, 1] }),
    'area, to half': ({ resize }) =>
      resize(levels, shape, half, { method: 'area', fit: 'stretch' }),
    localContrast: ({ localContrast }) => localContrast().apply(levels, shape),
    'equalize, 256 levels': ({ equalize }) => equalize().apply(levels, shape),
    'equalize, all distinct': ({ equalize }) => equalize().apply(distinct, shape),
    augment: ({ augment, RandomStream, slightAugmentation }) =>
      augment(levels, shape, (i) => new RandomStream(1, ['augment', i]), slightAugmentation),
  };
  for (const [name, loop] of Object.entries(loops)) {
    const best = versions.map(() => Number.POSITIVE_INFINITY);
    for (let round = 0; round < 200; round++) {
      versions.forEach((library, i) => {
        const began = performance.now();
        loop(library);
        best[i] = Math.min(best[i], performance.now() - began);
      });
    }
    const times = best.map((milliseconds) => (1e6 * milliseconds) / bytes.length);
    const ratio = times[0] / times[times.length - 1];
    console.log(
      `| ${side} px, ${name} | ${times.map((t) => t.toFixed(1)).join(' | ')} | ${ratio.toFixed(2)} |`,
    );
  }
}
