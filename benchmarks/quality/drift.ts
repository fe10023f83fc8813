/**
 * How soon the drift watch finds other films, and how often it is wrong where nothing changed.
 *
 *   SALAD_AD_DATA=folder npx tsx benchmarks/quality/drift.ts
 *       --simulations 10000     streams where nothing changes
 *       --orders 200            random orders of the films of each set
 *       --again                 trains and scores again, instead of taking results/drift.json
 *
 * Writes drift.md beside this script.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { RandomStream } from 'salad-ad/data';
import { wilsonInterval } from 'salad-ad/metrics';
import { DriftMonitor, type MonitoredFilm } from 'salad-ad/monitor';
import { table } from '../../src/experiments/markdown.js';
import { type WatchedSet, watchedSets } from './drift-films.js';

const RATES = [0.01, 0.05, 0.2];
const STREAM = 1000;
const { values: flags } = parseArgs({
  options: {
    simulations: { type: 'string', default: '10000' },
    orders: { type: 'string', default: '200' },
    again: { type: 'boolean', default: false },
  },
});
const kept = new URL('results/drift.json', import.meta.url);
const traits = { brightness: 'number', sharpness: 'number' } as const;

const [home, ...others] = await sets();
const text = [
  '# The drift watch on films',
  `\`npx tsx benchmarks/quality/drift.ts --simulations ${flags.simulations} --orders ${flags.orders}\``,
  '## Where nothing changes',
  `Share of streams with an alarm ever, 95% interval (Wilson), beside the promise. Simulated: ${STREAM} scores from a normal distribution, no reference. Shuffled: the ${home.scores.length} validation normals of cxr-pneumonia-128 in random order, the first half as reference; score, brightness and sharpness are watched.`,
  table(['promise', 'simulated', 'shuffled normals'], silence()),
  '## Where films change',
  `Films of another set after the second half of the validation normals, ${flags.orders} random orders, promise 1%. In each column: how many films of the other set came before the alarm, median and the 5% and 95% quantiles over the orders, and in how many of them it came at all; above, how many films the set has. SALAD at 32 px on the training normals of cxr-pneumonia-128; training and validation films only.`,
  table(
    ['set', 'films', 'any alarm', 'score', 'brightness', 'sharpness', 'before the change'],
    others.map(change),
  ),
].join('\n\n');
await writeFile(new URL('drift.md', import.meta.url), `${text}\n`);
console.log(text);

async function sets(): Promise<readonly WatchedSet[]> {
  const before = flags.again ? undefined : await readFile(kept, 'utf8').catch(() => undefined);
  if (before) return JSON.parse(before);
  const found = await watchedSets();
  await writeFile(kept, `${JSON.stringify(found)}\n`);
  return found;
}

function silence(): string[][] {
  const runs = Number(flags.simulations);
  const highest = { simulated: [] as number[], shuffled: [] as number[] };
  for (let run = 0; run < runs; run++) {
    const random = new RandomStream(run, ['nothing changes']);
    const monitor = new DriftMonitor({ seed: run });
    for (let i = 0; i < STREAM; i++) monitor.add({ score: random.gaussian() });
    highest.simulated.push(promised(monitor));
    const films = inOrder(home, run);
    const half = films.length >> 1;
    const watch = new DriftMonitor({ reference: films.slice(0, half), traits, seed: run });
    for (const film of films.slice(half)) watch.add(film);
    highest.shuffled.push(promised(watch));
  }
  return RATES.map((rate) => [
    String(rate),
    ...[highest.simulated, highest.shuffled].map((all) => {
      const raised = all.filter((lowest) => lowest <= rate).length;
      const { estimate, lower, upper } = wilsonInterval(raised, runs);
      return `${estimate.toFixed(4)} [${lower.toFixed(4)}, ${upper.toFixed(4)}]`;
    }),
  ]);
}

/** The lowest false alarm rate at which a monitor would have raised an alarm. */
function promised(monitor: DriftMonitor): number {
  const { streams } = monitor.summary();
  return streams.length / Math.max(...streams.map(({ highest }) => highest));
}

function change(other: WatchedSet): string[] {
  const orders = Number(flags.orders);
  const waits: Record<string, number[]> = { any: [], score: [], brightness: [], sharpness: [] };
  let early = 0;
  for (let order = 0; order < orders; order++) {
    const normals = inOrder(home, order);
    const half = normals.length >> 1;
    const monitor = new DriftMonitor({ reference: normals.slice(0, half), traits, seed: order });
    const before = normals.slice(half).flatMap((film) => monitor.add(film));
    if (before.length > 0) early++;
    const after = inOrder(other, order).flatMap((film) => monitor.add(film));
    const since = normals.length - half;
    for (const { stream, film } of after) waits[stream].push(film - since);
    if (after.length > 0) waits.any.push(after[0].film - since);
  }
  return [
    other.name,
    String(other.scores.length),
    ...Object.values(waits).map((all) => {
      const sorted = all.sort((a, b) => a - b);
      const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))];
      return sorted.length === 0
        ? 'never'
        : `${at(0.5)} (${at(0.05)} to ${at(0.95)}), ${sorted.length} of ${orders}`;
    }),
    `${early} of ${orders}`,
  ];
}

function inOrder({ scores, brightness, sharpness }: WatchedSet, seed: number): MonitoredFilm[] {
  const order = new RandomStream(seed, ['order']).permutation(scores.length);
  return Array.from(order, (i) => ({
    score: scores[i],
    traits: { brightness: brightness[i], sharpness: sharpness[i] },
  }));
}
