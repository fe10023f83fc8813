/**
 * What reading films from a folder costs: films a second, milliseconds of processor a film, and the
 * largest memory of a process, at 1,000 and 20,000 files.
 *
 *   npx tsx benchmarks/speed/reader.ts [--counts 1000,20000] [--rounds 3]
 *
 * Writes reader.md beside this file. Every measurement is a process of its own. The files are the films of
 * the example at 256 px, hard links of 200 that differ, read from the page cache: it is decoding that is timed.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { link, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { none, RandomStream, readInOrder } from 'salad-ad/data';
import { folderSource, imagePool } from 'salad-ad/node';
import sharp from 'sharp';
import { grey16Dicom } from './grey16-dicom.js';
import { thisMachine } from './machine.js';

const { values: flags } = parseArgs({
  options: {
    counts: { type: 'string', default: '1000,20000' },
    rounds: { type: 'string', default: '3' },
    measure: { type: 'string' },
    threads: { type: 'string', default: '0' },
  },
});
const SIDE = 256;
const DISTINCT = 200;
const BATCH = 32;
const place = fileURLToPath(new URL('../../output/reader/', import.meta.url));
const films = fileURLToPath(new URL('../../examples/data/nih-cxr/images', import.meta.url));

interface Measured {
  readonly images: number;
  readonly seconds: number;
  /** Of all threads. */
  readonly processorSeconds: number;
  /** Largest memory of the process, MiB. */
  readonly memory: number;
}

/** One film as a file, enlarged and with noise, so that it packs like a film of its size. */
async function fileOf(kind: string, path: string, seed: number): Promise<Uint8Array> {
  const random = new RandomStream(seed);
  const raw = await sharp(path).resize(SIDE, SIDE).toColourspace('b-w').raw().toBuffer();
  const noisy = raw.map((value) => Math.min(255, Math.max(0, value + 4 * random.uniform() - 2)));
  if (kind === 'dicom')
    return grey16Dicom(
      Uint16Array.from(noisy, (value) => value * 16),
      SIDE,
    );
  return sharp(noisy, { raw: { width: SIDE, height: SIDE, channels: 1 } })
    .png()
    .toBuffer();
}

/** A folder of `count` files. */
async function folderOf(kind: string, count: number): Promise<string> {
  const folder = join(place, `${kind}-${count}`);
  if (existsSync(join(folder, 'whole'))) return join(folder, 'films');
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, 'films'), { recursive: true });
  const extension = kind === 'dicom' ? 'dcm' : 'png';
  const nameOf = (i: number) => join(folder, 'films', `${String(i).padStart(6, '0')}.${extension}`);
  const names = (await readdir(films)).sort();
  for (let i = 0; i < count; i++) {
    if (i < DISTINCT) await writeFile(nameOf(i), await fileOf(kind, join(films, names[i]), i));
    else await link(nameOf(i % DISTINCT), nameOf(i));
  }
  await writeFile(join(folder, 'whole'), '');
  return join(folder, 'films');
}

/** Reads a folder once, on `threads` threads or here, and tells what it took. */
async function measure(folder: string, threads: number): Promise<Measured> {
  const source = await folderSource(folder, { size: [SIDE, SIDE], cacheBytes: 0 });
  const pool = threads > 0 ? await imagePool({ concurrency: threads }) : undefined;
  const { name } = none();
  const preparation = {
    inputShape: [SIDE, SIDE, 1] as const,
    imageNormalization: { name, options: {} },
  };
  const rows = (first: number) =>
    Array.from({ length: Math.min(BATCH, source.length - first) }, (_, i) => first + i);
  const readOn = async (first: number) => {
    const images = source.locate?.(rows(first)) ?? (await source.read(rows(first)));
    const ids = rows(first).map((row) => source.ids[row]);
    const request = { where: 'reader', indices: rows(first), ids };
    await pool?.run({ request, images, preparation });
  };
  // Threads start and decoders load.
  if (pool) await Promise.all(Array.from({ length: 2 * threads }, () => readOn(0)));
  else await source.read(rows(0));
  const used = process.cpuUsage();
  const began = performance.now();
  if (pool) {
    let next = 0;
    const lane = async () => {
      while (next < source.length) {
        const first = next;
        next += BATCH;
        await readOn(first);
      }
    };
    await Promise.all(Array.from({ length: 2 * threads }, lane));
  } else for await (const _ of readInOrder(source, { batchSize: BATCH }));
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(used);
  await pool?.dispose();
  return {
    images: source.length,
    seconds,
    processorSeconds: (user + system) / 1e6,
    memory: process.resourceUsage().maxRSS / 1024,
  };
}

/** Bytes that the list of the files of a folder takes, per file. */
async function bytesPerRecord(folder: string): Promise<number> {
  const gc = globalThis.gc ?? (() => {});
  gc();
  const before = process.memoryUsage().heapUsed;
  const source = await folderSource(folder);
  gc();
  gc();
  return (process.memoryUsage().heapUsed - before) / source.length;
}

function inProcess<T>(folder: string, what: string, threads = 0): T {
  const script = fileURLToPath(import.meta.url);
  const args = ['--expose-gc', '--import', 'tsx', script, '--measure', `${what}:${folder}`];
  const text = execFileSync(process.execPath, [...args, '--threads', `${threads}`], {
    encoding: 'utf8',
  });
  return JSON.parse(text.trim().split('\n').at(-1) ?? '') as T;
}

async function report(): Promise<void> {
  const counts = flags.counts.split(',').map(Number);
  const rows: string[] = [];
  const load = loadavg()[0].toFixed(0);
  for (const kind of ['png', 'dicom'])
    for (const count of counts) {
      const folder = await folderOf(kind, count);
      const best = new Map<number, Measured>();
      const rounds = count > 5000 ? 1 : Number(flags.rounds);
      for (let round = 0; round < rounds; round++)
        for (const threads of [0, 1, 2]) {
          const found = inProcess<Measured>(folder, 'read', threads);
          const before = best.get(threads) ?? found;
          best.set(threads, {
            images: count,
            seconds: Math.min(before.seconds, found.seconds),
            processorSeconds: Math.min(before.processorSeconds, found.processorSeconds),
            memory: Math.max(before.memory, found.memory),
          });
        }
      for (const [threads, { seconds, processorSeconds, memory }] of best) {
        const where = threads === 0 ? 'here' : `${threads} thread${threads > 1 ? 's' : ''}`;
        const perFilm = (1000 * processorSeconds) / count;
        rows.push(
          `| ${kind} | ${count} | ${where} | ${(count / seconds).toFixed(0)} | ${perFilm.toFixed(2)} | ${(1000 / perFilm).toFixed(0)} | ${memory.toFixed(0)} |`,
        );
        console.log(rows.at(-1));
      }
    }
  const largest = await folderOf('png', Math.max(...counts));
  const bytes = inProcess<number>(largest, 'list');
  const { processor, cores, memoryGiB, system, node, commit } = thisMachine();
  const versions = ['sharp', 'tinypool'].map(async (name) => {
    const file = new URL(`../../node_modules/${name}/package.json`, import.meta.url);
    return `${name} ${JSON.parse(await readFile(file, 'utf8')).version}`;
  });
  const text = `# Reading films from a folder

\`npx tsx benchmarks/speed/reader.ts --rounds ${flags.rounds}\`, ${new Date().toISOString().slice(0, 10)}, commit ${commit}: ${cores} cores of ${processor}, ${memoryGiB} GiB, ${system},
Node ${node}, ${(await Promise.all(versions)).join(', ')}. Load of the machine when it began: ${load}; with other work on it, films a second say
little, and the processor's milliseconds a film say more.

Films of ${SIDE} x ${SIDE}: grey PNG of 8 bits, and DICOM of 16 bits, 12 in use, not compressed. Hard links of ${DISTINCT} different files, read from the
page cache, in batches of ${BATCH}. *Here*: \`readInOrder\` of a \`folderSource\` on the calling thread, where sharp
decodes on threads of its own; else jobs of an \`imagePool\` whose threads read and decode, and bring the pixels to
float32 for the network. Best of ${flags.rounds} rounds, at 20,000 files of one; the largest memory of a process, tensors and model not among it.

| format | files | read | films/s | ms of processor a film | films/s of one core | largest memory, MiB |
|---|---|---|---|---|---|---|
${rows.join('\n')}

The list of ${Math.max(...counts)} files takes ${bytes.toFixed(0)} bytes a file: path, record and place in the lists of a source. Nothing else grows with their number.
`;
  await writeFile(new URL('reader.md', import.meta.url), text);
}

if (flags.measure === undefined) await report();
else {
  const [what, folder] = flags.measure.split(/:(.*)/s);
  const found =
    what === 'list' ? await bytesPerRecord(folder) : await measure(folder, Number(flags.threads));
  console.log(JSON.stringify(found));
}
