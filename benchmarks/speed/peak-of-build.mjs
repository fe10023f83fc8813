/**
 * Largest memory of three training steps, this build against an earlier one: what a user's program holds.
 * Both packages are loaded as built; `earlier.ts` loads sources, whose text and maps count there too.
 *
 *   npm run build; git worktree add ../earlier <commit> && (cd ../earlier && npm ci && npm run build)
 *   node benchmarks/speed/peak-of-build.mjs --earlier ../earlier
 */
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values: flags } = parseArgs({
  options: {
    earlier: { type: 'string' },
    of: { type: 'string' },
    size: { type: 'string', default: '64' },
    bank: { type: 'string', default: '10000' },
    processes: { type: 'string', default: '9' },
  },
});
const here = fileURLToPath(import.meta.url);

if (flags.of) await printPeak(flags.of, Number(flags.size), Number(flags.bank));
else {
  if (!flags.earlier) throw new Error('--earlier is missing; expected the folder of a checkout.');
  const folders = [resolve(dirname(here), '../..'), resolve(flags.earlier)];
  const peaks = folders.map(() => []);
  for (let round = 0; round < Number(flags.processes); round++)
    folders.forEach((folder, which) => {
      const args = [here, '--of', folder, '--size', flags.size, '--bank', flags.bank];
      peaks[which].push(Number(execFileSync(process.execPath, args)));
    });
  const [now, earlier] = peaks.map((values) => values.sort((a, b) => a - b)[values.length >> 1]);
  console.log(
    `peak memory, ${flags.size} px, bank of ${flags.bank}, median of ${flags.processes} processes: ` +
      `${now} MB / ${earlier} MB = ${(now / earlier).toFixed(3)}`,
  );
}

/** Megabytes, printed; the process ends. */
async function printPeak(folder, size, bank) {
  const load = createRequire(resolve(folder, 'package.json'));
  const tf = load('@tensorflow/tfjs-core');
  const backend = load.resolve('@tensorflow/tfjs-backend-wasm/package.json');
  load('@tensorflow/tfjs-backend-wasm').setWasmPaths(`${dirname(backend)}/dist/`);
  await tf.setBackend('wasm');
  const { arraySource, convAutoencoder, SaladModel } = load(resolve(folder, 'dist/index.cjs'));
  await load(resolve(folder, 'dist/wasm.cjs')).enableWasmTraining();
  const different = 64;
  const pixels = Uint8Array.from({ length: different * size * size }, (_, i) =>
    Math.imul(i, 2654435761),
  );
  const few = arraySource({ pixels, shape: [size, size, 1] });
  const images = {
    length: bank,
    ids: Array.from({ length: bank }, (_, i) => `image-${i}`),
    read: (indices) => few.read(Array.from(indices, (index) => index % different)),
  };
  const backbone = convAutoencoder({
    inputShape: [size, size, 1],
    convsPerLevel: 2,
    upsampling: 'bilinear',
  });
  const trainer = await SaladModel.create({ backbone, batchSize: 16 }).trainer(images);
  for (let i = 0; i < 3; i++) await trainer.step();
  console.log(Math.round(process.resourceUsage().maxRSS / 1024));
  process.exit(0);
}
