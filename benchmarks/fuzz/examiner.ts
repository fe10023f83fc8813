// A process that examines inputs: what ends or stops it is found out by the one that started it.
import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { createExaminer, Finding, type Outcome } from './examine.js';
import { createFileExaminer } from './examine-files.js';
import { createInputs, type Made, type Task } from './inputs.js';
import { Progress } from './progress.js';

/** Work for a process: inputs of a task, or one that is given. */
export interface Order {
  readonly task: Task;
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  /** Left out: what became of them is known. */
  readonly skip: readonly number[];
  /** In place of the inputs: a file in base64. */
  readonly bytes?: string;
}

/** What came of it. */
export interface Answer {
  /** [group][outcome] */
  readonly counts: Record<string, Record<string, number>>;
  readonly findings: { readonly index: number; readonly seed: string; readonly what: string }[];
  readonly slowest: Slow[];
  /** Of the process, in bytes. */
  readonly peakMemory: number;
}

export interface Slow {
  readonly task: Task;
  readonly index: number;
  readonly seed: string;
  readonly milliseconds: number;
  readonly outcome: string;
}

/** Of the processor, for one file. */
const MOST_SECONDS = 2;

/** Resident memory that one input may add; pixels of MAX_PIXELS take 6 MiB. */
const MOST_GROWTH = 256 * 2 ** 20;

const progress = new Progress(process.argv[2]);
const inputs = createInputs();
const examine = createExaminer();
const examineFile = await createFileExaminer();
const expected = new Map<string, string>();
sharp.concurrency(1);
sharp.cache(false);

/** What a file is decoded to, whatever was decoded before it. */
async function decoded(bytes: Uint8Array): Promise<string> {
  return fingerprint(await examine('decode', bytes));
}

function fingerprint({ outcome, image }: Outcome): string {
  if (!image) return outcome;
  const { buffer, byteOffset, byteLength } = image.pixels;
  const data = new Uint8Array(buffer, byteOffset, byteLength);
  return `${image.shape} ${createHash('sha256').update(data).digest('hex')}`;
}

async function outcomeOf(task: Task, made: Made): Promise<string> {
  const { seed, bytes } = made;
  const before = process.memoryUsage.rss();
  const begun = process.cpuUsage();
  const result =
    task === 'model' || task === 'checked'
      ? { outcome: await examineFile(task, made) }
      : await examine(task, bytes);
  const { user, system } = process.cpuUsage(begun);
  const seconds = (user + system) / 1e6;
  if (seconds > MOST_SECONDS) throw new Finding(`took ${seconds.toFixed(1)} s of the processor`);
  const growth = process.memoryUsage.rss() - before;
  if (growth > MOST_GROWTH) throw new Finding(`took ${Math.round(growth / 2 ** 20)} MiB`);
  if (task === 'decode') {
    const [first, second] = [fingerprint(result), await decoded(bytes)];
    if (first !== second) throw new Finding(`decoded in two ways: ${first} and ${second}`);
    if ((await decoded(seed.bytes)) !== expected.get(seed.name))
      throw new Finding(`the undamaged '${seed.name}' is decoded in another way afterwards`);
  }
  return result.outcome;
}

async function work(order: Order): Promise<Answer> {
  const { task, seed, from, to, skip } = order;
  const answer = { counts: {}, findings: [], slowest: [], peakMemory: 0 } as Answer;
  let peakMemory = 0;
  for (let index = from; index < to; index++) {
    if (skip.includes(index)) continue;
    const meant = inputs.make(task, seed, index);
    const made = order.bytes
      ? { ...meant, bytes: new Uint8Array(Buffer.from(order.bytes, 'base64')) }
      : meant;
    progress.begin(index);
    const began = performance.now();
    let outcome: string;
    try {
      outcome = await outcomeOf(task, made);
    } catch (error) {
      if (!(error instanceof Finding)) throw error;
      outcome = 'finding';
      answer.findings.push({ index, seed: made.seed.name, what: error.message });
    }
    const milliseconds = performance.now() - began;
    answer.slowest.push({ task, index, seed: made.seed.name, milliseconds, outcome });
    const { group } = made.seed;
    answer.counts[group] ??= {};
    answer.counts[group][outcome] = (answer.counts[group][outcome] ?? 0) + 1;
    peakMemory = Math.max(peakMemory, process.memoryUsage.rss());
  }
  answer.slowest.sort((a, b) => b.milliseconds - a.milliseconds).splice(10);
  return { ...answer, peakMemory };
}

for (const { name, bytes } of inputs.images) expected.set(name, await decoded(bytes));
process.on('message', async (order: Order) => {
  process.send?.({ answer: await work(order) });
});
process.send?.({ ready: true });
