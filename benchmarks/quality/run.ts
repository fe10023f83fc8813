/**
 * The tables of a tier: every detector and baseline on its sets, from every seed, by both choices.
 *
 *   npx tsx benchmarks/quality/run.ts --tier 1            also 2, 3, unseen, again, cells
 *       --only SALAD,DAE    detectors by name        --data-set nih-cxr   sets by name
 *       --seeds 1,2         others than the tier's   --budget 300         seconds a fit
 *       --jobs 1            processes at a time      --tables             tables of what is there
 *       --retry             failed runs again        --trial              one epoch, one seed, to output/
 *       --part validation   of the tier cells: the validation images in place of the test images
 *       --size 64           of the tier cells: what SALAD's own network sees
 *
 * Each run is a process of its own and a file in results/runs, which is not run again; a stopped tier goes on
 * where it stopped. Writes results/tier-1.md with its summary as JSON and a figure for each set beside it.
 * Sets that the repository does not hold are read from the folder SALAD_AD_DATA.
 */
import { fork } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { detectBackend } from 'salad-ad/backend';
import {
  type AnomalyPlan,
  type Choice,
  compareWith,
  type DetectorPlan,
  type ExperimentConfig,
  type ExperimentResults,
  experimentTables,
  type PairedComparison,
  type PlannedRun,
  type RowSummary,
  ratioSeries,
  runExperiment,
  summarize,
} from 'salad-ad/experiments';
import { figures, standaloneSvg } from 'salad-ad/report';
import { enableWasmTraining } from 'salad-ad/wasm';
import { kindsInEpochs } from '../../src/baselines/kinds.js';
import { choiceText } from '../../src/experiments/markdown.js';
import { cellTier, sides } from './cell-tier.js';
import { openers } from './data-sets.js';
import { withOtherLibraries } from './other-libraries/library-results.js';
import { type Tier, tiers } from './tiers.js';
import { validationAsTest } from './validation-as-test.js';

const { values: flags } = parseArgs({
  options: {
    tier: { type: 'string', default: '1' },
    only: { type: 'string' },
    'data-set': { type: 'string' },
    seeds: { type: 'string' },
    budget: { type: 'string', default: '300' },
    jobs: { type: 'string', default: '1' },
    tables: { type: 'boolean', default: false },
    retry: { type: 'boolean', default: false },
    trial: { type: 'boolean', default: false },
    part: { type: 'string', default: 'test' },
    size: { type: 'string', default: '64' },
    // Set by this script for the processes that it starts.
    run: { type: 'string' },
    experiment: { type: 'string' },
  },
});
const onValidation = flags.part === 'validation';
const allTiers = { ...tiers, cells: cellTier(Number(flags.size)) };
if (!Object.hasOwn(allTiers, flags.tier))
  throw new Error(`--tier ${flags.tier}; expected 1, 2, 3, unseen, again or cells`);
if (!['test', 'validation'].includes(flags.part) || (onValidation && flags.tier !== 'cells'))
  throw new Error(`--part ${flags.part}; expected test, or validation with --tier cells`);

const here = fileURLToPath(
  new URL(flags.trial ? '../../output/quality-trial/' : `results/${folderOf()}`, import.meta.url),
);
const out = `${here}runs`;
const experiments = allTiers[flags.tier as Tier | 'cells'].map(narrowed);
if (experiments.every((one) => one === undefined))
  throw new Error('nothing of the tier has these names: --only, --data-set');
/** Whatever is run first, all tiers are planned together. */
const plannedWith = Object.values(allTiers)
  .flat()
  .map((one) => ({
    ...one,
    detectors: flags.trial ? one.detectors.map(short) : one.detectors,
    budgetSeconds: one.budgetSeconds ?? Number(flags.budget),
  }));
const stop = new AbortController();
process.once('SIGINT', () => stop.abort(new Error('stopped; the same command goes on from here')));

await detectBackend();
enableWasmTraining();
if (flags.run) {
  const config = experiments[Number(flags.experiment)];
  if (!config) throw new Error('--run is for the processes that this script starts');
  const only = [flags.run];
  await runExperiment(config, {
    ...(await setsOf(config)),
    out,
    plannedWith,
    only,
    retryFailed: true,
  });
} else {
  await mkdir(out, { recursive: true });
  const results: ExperimentResults[] = [];
  for (const [i, config] of experiments.entries())
    if (config) results.push(await carriedOut(config, i));
  await writeTables(results);
}

/** Runs of cells lie apart: they are of the same films at another size, under the same names. */
function folderOf(): string {
  if (flags.tier !== 'cells') return '';
  return onValidation ? 'cells-validation/' : 'cells/';
}

/** What the flags leave of an experiment. */
function narrowed(config: ExperimentConfig): ExperimentConfig | undefined {
  const names = flags.only?.split(',');
  const sets = flags['data-set']?.split(',');
  const detectors = config.detectors.filter(({ name }) => !names || names.includes(name));
  const dataSets = config.dataSets.filter((name) => !sets || sets.includes(name));
  if (detectors.length === 0 || dataSets.length === 0) return undefined;
  const seeds = flags.seeds?.split(',').map(Number) ?? config.seeds;
  return {
    ...config,
    dataSets,
    detectors: flags.trial ? detectors.map(short) : detectors,
    seeds: flags.trial ? seeds.slice(0, 1) : seeds,
    budgetSeconds: config.budgetSeconds ?? Number(flags.budget),
  };
}

/** One epoch, one setting. */
function short(plan: DetectorPlan): DetectorPlan {
  const model = { pretrainEpochs: 1, rounds: 0 };
  const { features } = plan.options ?? {};
  return {
    ...plan,
    options: {
      ...plan.options,
      ...(Object.hasOwn(kindsInEpochs, plan.kind) && { epochs: 1 }),
      ...(['salad', 'memDae', 'ownAndFrozen'].includes(plan.kind) && model),
      ...(features !== undefined && { features: { ...(features as object), ...model } }),
    },
    ...(plan.settings && { settings: plan.settings.slice(0, 1) }),
  };
}

async function setsOf({ dataSets: [name], inputShape: [size] }: ExperimentConfig) {
  if (flags.tier !== 'cells') return { dataSets: openers(size) };
  // The encoder's weights are read by those alone who ask for it.
  const { cellKinds } = await import('./cell-kinds.js');
  // Each detector brings the films to its own size.
  const open = openers(sides[name])[name];
  const opened = onValidation ? async () => validationAsTest(await open()) : open;
  return { dataSets: { [name]: opened }, detectors: cellKinds };
}

async function carriedOut(
  config: ExperimentConfig,
  experiment: number,
): Promise<ExperimentResults> {
  return runExperiment(config, {
    ...(await setsOf(config)),
    out,
    plannedWith,
    signal: stop.signal,
    retryFailed: flags.retry,
    ...(flags.tables && { only: [] }),
    concurrency: Number(flags.jobs),
    carryOut: (run) => inProcess(run, experiment),
    onWarning: ({ message }) => console.warn(message),
    onProgress: ({ done, total, run, secondsLeft }) => {
      const { detector, dataSet, seed, choice } = run.config;
      const minutes = Math.ceil(secondsLeft / 60);
      console.log(
        `${done}/${total} ${dataSet}, ${detector.name}, seed ${seed}, ${choiceText(choice)}: ${run.status}, ${run.seconds.toFixed(0)} s; about ${minutes} min left`,
      );
    },
  });
}

/** A run in a process of its own, so that its memory is its own and an end of it ends nothing else. */
function inProcess({ id, config }: PlannedRun, experiment: number): Promise<void> {
  const fits = config.detector.settings?.length ?? 1;
  // What learns in epochs stops by itself; what does not is ended.
  const limit = 1000 * (2 * fits * Number(flags.budget) + 300);
  return new Promise((resolve, reject) => {
    const more = ['--run', id, '--experiment', String(experiment), '--data-set', config.dataSet];
    const child = fork(fileURLToPath(import.meta.url), [...process.argv.slice(2), ...more]);
    const end = () => child.kill('SIGKILL');
    const timer = setTimeout(end, limit);
    stop.signal.addEventListener('abort', end, { once: true });
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      clearTimeout(timer);
      stop.signal.removeEventListener('abort', end);
      if (code === 0) resolve();
      else reject(new Error(`the process of the run ended with ${signal ?? `code ${code}`}`));
    });
  });
}

async function writeTables(all: readonly ExperimentResults[]): Promise<void> {
  const name = `tier-${flags.tier}`;
  const named = (['tier', 'only', 'data-set', 'seeds', ...ofCells()] as const)
    .flatMap((flag) => (flags[flag] ? `--${flag} ${flags[flag].replace(/.* .*/, "'$&'")}` : []))
    .join(' ');
  const sections = [
    `# ${name}`,
    `Made by \`npx tsx benchmarks/quality/run.ts ${named}\`, a process a run, ${availableParallelism()} cores, Node ${process.version}, tfjs ${tf.version_core} wasm. Budget ${flags.budget} s a fit, of wall-clock time (of processor time for Python's tools; a run that chooses has as many fits as settings). Label-free: settings fixed beforehand, weights of the last epoch, no validation image seen. Validation-chosen: of all settings and epochs the best by validation AUC.`,
  ];
  if (all.some(({ config }) => config.detectors.some(({ afterEvaluation }) => afterEvaluation)))
    sections.push(
      'Rows marked "planned after an evaluation" were planned after a first evaluation on the test films, and tried on folds of the other films.',
    );
  const summaries = [];
  for (const own of all) {
    // Python's tools were run on films of one size.
    const results = flags.tier === 'cells' ? own : await withOtherLibraries(own);
    const { config } = results;
    const rows = summarize(results);
    const against = (reference: string) =>
      rows.some(({ detector, seeds }) => detector === reference && seeds.length > 0)
        ? compareWith(results, { reference })
        : [];
    const pairs = against('SALAD');
    sections.push(`\`${config.inputShape.join(' x ')}\``, experimentTables(results, { pairs }));
    const otherPairs = [
      'SALAD without aggregation',
      'MemDAE / MSE only',
      'SALAD (longer)',
      'SALAD (longer), relative',
      'SALAD + frozen encoder',
    ].flatMap(against);
    summaries.push({ config, data: results.data, rows, pairs: [...pairs, ...otherPairs] });
    for (const dataSet of config.dataSets) {
      for (const choice of ['labelFree', 'validationChosen'] as const) {
        const own = { dataSet, choice };
        sections.push(
          ...(await ratioFigure(config, rows, own)),
          ...(await gainFigures(pairs, own)),
        );
      }
    }
  }
  const facts = summaries.map(({ data, ...one }) => ({
    ...one,
    data: Object.fromEntries(Object.entries(data).map(([key, { hash }]) => [key, hash])),
    shortcuts: Object.fromEntries(
      Object.entries(data).map(([key, { test }]) => [key, test.shortcuts]),
    ),
  }));
  await writeFile(`${here}${name}.json`, `${JSON.stringify(facts)}\n`);
  await writeFile(`${here}${name}.md`, `${sections.join('\n\n')}\n`);
  console.log(`wrote ${here}${name}.md`);
}

function ofCells(): readonly ('part' | 'size')[] {
  return flags.tier === 'cells' ? ['part', 'size'] : [];
}

interface Place {
  readonly dataSet: string;
  readonly choice: Choice;
}

/** Of those whose training the known anomalies change; the others are level lines. */
async function ratioFigure(
  { anomalies, detectors }: ExperimentConfig,
  rows: readonly RowSummary[],
  { dataSet, choice }: Place,
): Promise<string[]> {
  if (anomalies.filter(({ findings }) => !findings).length < 2) return [];
  const learning = detectors.filter(({ knownAnomalies }) => knownAnomalies !== 'leaveOut');
  const series = ratioSeries(rows, { dataSet, choice }).filter(
    ({ name, points }) => points.length > 1 && learning.some((one) => one.name === name),
  );
  if (series.length === 0) return [];
  const svg = await figures.anomalyRatios(series);
  const words = choiceText(choice);
  return [await picture(`${dataSet}-${words}-ratios`, `${dataSet}, ${words}`, svg)];
}

/** What SALAD gains over each other detector, a picture for each share of known anomalies. */
async function gainFigures(
  pairs: readonly PairedComparison[],
  { dataSet, choice }: Place,
): Promise<string[]> {
  const own = pairs.filter((pair) => pair.dataSet === dataSet && pair.choice === choice);
  const pictures: string[] = [];
  const words = choiceText(choice);
  for (const plan of new Set(own.map(({ anomalies }) => JSON.stringify(anomalies)))) {
    const drawn = own.filter(({ anomalies }) => JSON.stringify(anomalies) === plan);
    const { ratio, findings = [] } = JSON.parse(plan) as AnomalyPlan;
    const share = [`${+(100 * ratio).toPrecision(3)}%`, ...findings].join(' ');
    const svg = await figures.pairedDifferences(drawn, { reference: drawn[0].reference });
    const name = `${dataSet}-${words}-${share.replace('%', 'pct').replaceAll(' ', '-')}-gains`;
    pictures.push(await picture(name, `${dataSet}, ${words}, known anomalies: ${share}`, svg));
  }
  return pictures;
}

async function picture(name: string, words: string, svg: string): Promise<string> {
  const file = `tier-${flags.tier}-${name}.svg`;
  await writeFile(here + file, standaloneSvg(svg));
  return `![${words}](${file})`;
}
