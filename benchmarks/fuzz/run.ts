/**
 * Feeds damaged files to all that reads files: `npm run fuzz`, which is
 * `--parsed 32000 --decoded 8000 --models 5000 --checked 7500 --seed 1`.
 *
 * Ends with 1 where a file made a reader crash, hang, take much memory, raise anything but an error of its
 * own, name the patient, give an image that breaks the interface, leave a tensor, or be read as something else without a word.
 * What is found lies in output/fuzz. A run that
 * was ended goes on where it was; `--fresh` begins anew, `--report` stores the result beside this file.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import type { Answer, Order, Slow } from './examiner.js';
import { createInputs, type Task, tasks } from './inputs.js';
import { minimise } from './minimise.js';
import { Examiner } from './process.js';
import { type FuzzResult, writeReport } from './report.js';

const OUTPUT = new URL('../../output/fuzz/', import.meta.url);
const BATCH: Record<Task, number> = { parse: 500, decode: 50, model: 50, checked: 100 };

const { values } = parseArgs({
  options: {
    parsed: { type: 'string', default: '32000' },
    decoded: { type: 'string', default: '8000' },
    models: { type: 'string', default: '5000' },
    checked: { type: 'string', default: '7500' },
    seed: { type: 'string', default: '1' },
    processes: { type: 'string', default: String(Math.min(2, availableParallelism())) },
    fresh: { type: 'boolean', default: false },
    report: { type: 'boolean', default: false },
  },
});
const [parse, decode, model, checked, seed] = [
  values.parsed,
  values.decoded,
  values.models,
  values.checked,
  values.seed,
].map(Number);
const wanted: Record<Task, number> = { parse, decode, model, checked };

interface Piece {
  readonly task: Task;
  readonly from: number;
  readonly to: number;
}

interface State {
  readonly result: FuzzResult;
  /** Pieces that are done, by task and first index. */
  readonly done: string[];
}

mkdirSync(OUTPUT, { recursive: true });
const stateFile = new URL(`state-${seed}-${Object.values(wanted).join('-')}.json`, OUTPUT);
const files = createInputs();
const seeds = files.images.length + files.models.length + files.checked.length;
const state = values.fresh ? begin() : (saved() ?? begin());
const { result } = state;
const { findings } = result;
const pieces = tasks.flatMap((task) => piecesOf(task, wanted[task]));
const waiting = pieces.filter((piece) => !state.done.includes(nameOf(piece)));
const inputs = (list: readonly Piece[]) => list.reduce((sum, { from, to }) => sum + to - from, 0);
const all = inputs(pieces);
let left = inputs(waiting);
const leftAtStart = left;
const began = performance.now();
let told = 0;

await Promise.all(Array.from({ length: Number(values.processes) }, lane));
await shorten();
const seconds = (performance.now() - began) / 1000;
writeState(seconds);
result.seconds += seconds;
writeReport(OUTPUT, result);
if (values.report) writeReport(new URL('./', import.meta.url), result);
console.log(
  `${inputs(pieces)} inputs from ${seeds} seeds: ${findings.length} findings in ${Math.round(result.seconds)} s`,
);
for (const { task, index, from, what } of findings.slice(0, 20))
  console.log(`  ${task} ${index} (${from}): ${what}`);
process.exit(findings.length > 0 ? 1 : 0);

async function lane(): Promise<void> {
  const examiner = new Examiner();
  for (let piece = waiting.shift(); piece; piece = waiting.shift()) {
    add(piece, await examined(examiner, piece));
    state.done.push(nameOf(piece));
    left -= piece.to - piece.from;
    tell();
  }
  examiner.stop();
}

/** The answer for a whole piece, however many of its inputs end the process. */
async function examined(examiner: Examiner, { task, from, to }: Piece): Promise<Answer> {
  const skip: number[] = [];
  for (;;) {
    const order: Order = { task, seed, from, to, skip };
    const outcome = await examiner.run(order);
    if ('answer' in outcome) return outcome.answer;
    const { index, what } = outcome;
    find(task, index, what);
    skip.push(index);
  }
}

function add({ task }: Piece, { counts, findings: found, slowest, peakMemory }: Answer): void {
  for (const [group, outcomes] of Object.entries(counts))
    for (const [outcome, count] of Object.entries(outcomes)) {
      result.counts[task][group] ??= {};
      result.counts[task][group][outcome] = (result.counts[task][group][outcome] ?? 0) + count;
    }
  for (const { index, what } of found) find(task, index, what);
  const slow: Slow[] = [...result.slowest, ...slowest];
  result.slowest = slow.sort((a, b) => b.milliseconds - a.milliseconds).slice(0, 10);
  result.peakMemory = Math.max(result.peakMemory, peakMemory);
}

function find(task: Task, index: number, what: string): void {
  const { seed: from, bytes } = files.make(task, seed, index);
  const file = `${task}-${seed}-${index}-${from.name}`;
  writeFileSync(new URL(file, OUTPUT), bytes);
  result.findings.push({ task, index, from: from.name, what, file });
}

/** The shortest file that does the same, for the first of each kind of finding. */
async function shorten(): Promise<void> {
  const examiner = new Examiner();
  const kinds = new Set<string>();
  for (const { task, index, what, file } of findings) {
    const kind = what.replace(/\d+/g, '#').slice(0, 80);
    if (kinds.has(kind)) continue;
    kinds.add(kind);
    const { bytes } = files.make(task, seed, index);
    const short = await minimise(examiner, { task, seed, index, bytes, what });
    writeFileSync(new URL(`short-${file}`, OUTPUT), short);
  }
  examiner.stop();
}

function tell(): void {
  const seconds = (performance.now() - began) / 1000;
  if (seconds - told < 5) return;
  told = seconds;
  const secondsLeft = (seconds / (leftAtStart - left)) * left;
  writeState(seconds);
  console.log(
    `${all - left} of ${all}, ${result.findings.length} findings, about ${Math.ceil(secondsLeft / 60)} min left`,
  );
}

function writeState(seconds: number): void {
  const sum = { ...state, result: { ...result, seconds: result.seconds + seconds } };
  writeFileSync(stateFile, JSON.stringify(sum));
}

function begin(): State {
  const counts = { parse: {}, decode: {}, model: {}, checked: {} };
  const result = { seed, inputs: wanted, counts, findings: [], slowest: [], peakMemory: 0 };
  return { result: { ...result, seconds: 0 }, done: [] };
}

function saved(): State | undefined {
  try {
    return JSON.parse(readFileSync(stateFile, 'utf8'));
  } catch {
    return undefined;
  }
}

function piecesOf(task: Task, count: number): Piece[] {
  const size = BATCH[task];
  return Array.from({ length: Math.ceil(count / size) }, (_, i) => ({
    task,
    from: i * size,
    to: Math.min(count, (i + 1) * size),
  }));
}

function nameOf({ task, from }: Piece): string {
  return `${task}-${from}`;
}
