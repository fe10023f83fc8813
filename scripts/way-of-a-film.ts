// Which files, functions and types a film passes between its file and its score:
//
//     npx tsx scripts/way-of-a-film.ts [--list]        ROOT=<another tree> measures that one
//
// V8 counts calls while a folder of a PNG, a JPEG, a DICOM file and a damaged PNG is scored: each is read, decoded,
// prepared, encoded and compared with the bank. Counted are the folders that handle films; not the formulas (core,
// backbones), kernels (wasm) and helpers (support), nor functions without a name, which belong to the function that
// they stand in.
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Session } from 'node:inspector/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import '@tensorflow/tfjs-backend-wasm';
import sharp from 'sharp';
import { type CalledFunctions, typesWithImages } from './types-with-images.js';

const root = resolve(process.env.ROOT ?? '.');
const source = (path: string) => import(pathToFileURL(join(root, 'src', path)).href);
const { arraySource, convAutoencoder, SaladModel } = await source('index.ts');
const { folderSource } = await source('node/index.ts');
const { detectBackend } = await source('backend/index.ts');
const { enableWasmTraining } = await source('wasm/index.ts');

const folder = await mkdtemp(join(tmpdir(), 'way-of-a-film-'));
const film = sharp({ create: { width: 40, height: 50, channels: 3, background: '#446688' } });
const png = await film.png().toBuffer();
await writeFile(join(folder, 'a.png'), png);
await writeFile(join(folder, 'b.jpg'), await film.jpeg().toBuffer());
await copyFile('test/fixtures/dicom/explicit-little.dcm', join(folder, 'c.dcm'));
await writeFile(join(folder, 'd.png'), png.subarray(0, png.length / 2));
await detectBackend();
enableWasmTraining();
const backbone = await convAutoencoder({ inputShape: [16, 16, 1] });
const resize = { method: 'area', fit: 'pad' };
const model = SaladModel.create({ backbone, resize, pretrainEpochs: 1, rounds: 0 });
const pixels = Uint8Array.from({ length: 8 * 256 }, (_, i) => (i * 37) % 256);
await model.fit(arraySource({ pixels, shape: [16, 16, 1] }));

const films = await folderSource(folder, { size: [32, 32], onUnreadable: 'skip' });

const session = new Session();
session.connect();
await session.post('Profiler.enable');
await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
await session.post('Profiler.takePreciseCoverage');
const scored = await model.score(films);
const { result } = await session.post('Profiler.takePreciseCoverage');
await rm(folder, { recursive: true });
// Version 0.1 calls the problems `unreadable`.
const {
  scores,
  problems,
  unreadable,
}: Partial<typeof scored> & { unreadable?: readonly unknown[] } = scored;
if (scores?.length !== 3 || (problems ?? unreadable)?.length !== 1)
  throw new Error('expected 3 films and 1 damaged');

const here = pathToFileURL(join(root, 'src')).href;
const onTheWay = /^(data|decoding|dicom|images|learning|model|node)\//;
const files: CalledFunctions[] = result
  .filter(({ url }) => url.startsWith(here))
  .map(({ url, functions }) => ({
    file: url.slice(here.length + 1).split('?')[0],
    names: functions
      .filter(({ ranges: [{ count, startOffset }] }) => count > 0 && startOffset > 0)
      .map(({ functionName }) => functionName)
      .filter((name) => /^[a-z]/i.test(name)),
  }))
  .filter(({ file, names }) => onTheWay.test(file) && names.length > 0)
  .sort((a, b) => a.file.localeCompare(b.file));
const types = typesWithImages(root, files);
if (process.argv.includes('--list')) {
  for (const { file, names } of files) console.log(`${file}: ${names.join(', ')}`);
  console.log(`types: ${types.join(', ')}`);
}
const inFormats = (one: CalledFunctions) => /^(decoding|dicom)\//.test(one.file);
for (const [title, part] of [
  ['all', files],
  ['of these, the formats (decoding, dicom)', files.filter(inFormats)],
] as const)
  console.log(
    `${title}: ${part.length} files, ${part.flatMap(({ names }) => names).length} functions`,
  );
console.log(`${types.length} types that hold images`);
process.exit(0);
