// Which files and functions of src a film passes between its file and its score: npx tsx scripts/way-of-a-film.ts [--list]
//
// V8 counts calls while a folder of one film is opened, read, prepared, encoded and scored; what is called once
// for a model (its creation, its training) is not counted. Kernels of a backend (src/wasm) are not either.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Session } from 'node:inspector/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import sharp from 'sharp';

const root = resolve(process.env.ROOT ?? '.');
const source = (path: string) => import(pathToFileURL(join(root, 'src', path)).href);
const { arraySource, convAutoencoder, SaladModel } = await source('index.ts');
const { folderSource } = await source('node/index.ts');
const { enableWasmTraining } = await source('wasm/index.ts');

const folder = await mkdtemp(join(tmpdir(), 'way-of-a-film-'));
const film = sharp({ create: { width: 40, height: 50, channels: 3, background: '#446688' } });
await writeFile(join(folder, 'film.png'), await film.png().toBuffer());
await tf.setBackend('wasm');
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
await model.score(films);
const { result } = await session.post('Profiler.takePreciseCoverage');
await rm(folder, { recursive: true });

const here = pathToFileURL(join(root, 'src')).href;
let functions = 0;
const files = result
  .filter(({ url }) => url.startsWith(here) && !url.startsWith(`${here}/wasm/`))
  .map(({ url, functions: all }) => {
    const called = all
      .filter(({ ranges, functionName }) => ranges[0].count > 0 && functionName !== '__name')
      .filter(({ ranges }) => ranges[0].startOffset > 0);
    functions += called.length;
    return { file: url.slice(here.length + 1), names: called.map((one) => one.functionName) };
  })
  .filter(({ names }) => names.length > 0);
if (process.argv.includes('--list'))
  for (const { file, names } of files.sort((a, b) => a.file.localeCompare(b.file)))
    console.log(`${file.split('?')[0]}: ${names.map((name) => name || '(unnamed)').join(', ')}`);
console.log(`${files.length} files, ${functions} functions`);
process.exit(0);
