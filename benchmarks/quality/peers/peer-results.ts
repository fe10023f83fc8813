import { readFile } from 'node:fs/promises';
import type { Choice, DetectorPlan, ExperimentResults, RunRecord } from 'salad-ad/experiments';
import { choiceText } from '../../../src/experiments/markdown.js';

/** How a tool was run: as it is shipped on either normalisation, or as validation chose it. */
export type Column = 'plain' | 'localContrast' | 'chosen';

interface Taken {
  readonly seconds: number;
  readonly cpuSeconds: number;
}

/** What a fit took; epochs of tools that are stopped by the budget. */
interface Fit {
  readonly fit: Taken;
  readonly epochs: number | null;
  readonly stopped: boolean;
}

interface Inputs {
  readonly normalization: 'plain' | 'localContrast';
  readonly setting: Readonly<Record<string, unknown>>;
}

interface Failed {
  readonly failed: string;
}

export type Tried = Inputs & (Failed | (Fit & { readonly validationAuc: number }));

export type PeerRun = Inputs & { readonly seed: number; readonly peakMemory: number } & (
    | Failed
    | (Fit & {
        readonly scoring: Taken;
        /** Processes that wanted a core when the run began. */
        readonly load: number;
        readonly val: readonly number[];
        readonly test: readonly number[];
      })
  );

export interface PeerTool {
  readonly name: string;
  readonly package: string;
  /** Whether a seed changes it. */
  readonly random: boolean;
  readonly note: string;
  /** Whether all settings were tried. */
  readonly complete: boolean;
  readonly tried: readonly Tried[];
  readonly columns: Readonly<Partial<Record<Column, readonly PeerRun[]>>>;
}

/** What the Python tools left of one data set. */
export interface PeerResults {
  readonly dataSet: string;
  readonly dataHash: string;
  readonly budgetCpuSeconds: number;
  readonly versions: Readonly<Record<string, string>>;
  readonly machine: { readonly processor: string; readonly cores: number };
  readonly labels: { readonly val: readonly number[]; readonly test: readonly number[] };
  readonly tools: readonly PeerTool[];
}

type Place = ExperimentResults['cells'][number];

const columns: Readonly<Record<Column, { readonly suffix: string; readonly choice: Choice }>> = {
  plain: { suffix: '', choice: 'labelFree' },
  chosen: { suffix: '', choice: 'validationChosen' },
  localContrast: { suffix: ', localContrast', choice: 'labelFree' },
};

/** Undefined where the tools were not run on the data set. */
export async function readPeers(dataSet: string): Promise<PeerResults | undefined> {
  const file = new URL(`results/${dataSet}.json`, import.meta.url);
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The results with the Python tools as further detectors, where no anomaly is known. */
export async function withPeers(results: ExperimentResults): Promise<ExperimentResults> {
  const { config, data, cells } = results;
  const peers = await peersOf(results);
  const order = config.anomalies.map((plan) => JSON.stringify(plan));
  const place = ({ anomalies }: Place) => order.indexOf(JSON.stringify(anomalies));
  return {
    config: { ...config, detectors: [...config.detectors, ...peers.config.detectors] },
    data,
    cells: [...cells, ...peers.cells].sort((a, b) => place(a) - place(b)),
  };
}

/** The Python tools alone, as an experiment would have left them. */
export async function peersOf({
  config,
  data,
}: Pick<ExperimentResults, 'config' | 'data'>): Promise<ExperimentResults> {
  const plans = new Map<string, DetectorPlan>();
  const cells: Place[] = [];
  for (const dataSet of config.dataSets) {
    const peers = await readPeers(dataSet);
    const anomalies = config.anomalies.find(({ ratio, findings }) => ratio === 0 && !findings);
    if (!peers || !anomalies) continue;
    const { hash } = data[dataSet];
    if (peers.dataHash !== hash)
      throw new Error(
        `The Python tools were run on ${dataSet} with hash ${peers.dataHash}, which is now ${hash}; delete output/quality-peers/films and run benchmarks/quality/peers/peers.py again.`,
      );
    for (const tool of peers.tools) {
      for (const [column, { suffix, choice }] of Object.entries(columns)) {
        const runs = tool.columns[column as Column];
        if (!runs) continue;
        const name = tool.name + suffix;
        const plan: DetectorPlan = { name, kind: tool.package, knownAnomalies: 'leaveOut' };
        plans.set(name, plan);
        for (const seed of config.seeds) {
          const found = tool.random ? runs.find((run) => run.seed === seed) : runs[0];
          const id = `${dataSet}, ${name}, ${choiceText(choice)}, ${seed}`;
          const own = { dataSet, detector: name, anomalies, seed, choice, id };
          const told = { peers, tool, plan, images: data[dataSet].train, config };
          cells.push(found ? { ...own, run: recordOf(found, own, told) } : own);
        }
      }
    }
  }
  return { config: { ...config, detectors: [...plans.values()] }, data, cells };
}

function recordOf(
  run: PeerRun,
  { id, dataSet, anomalies, seed, choice }: Place,
  {
    peers: { dataHash, versions, machine, labels },
    tool,
    plan,
    images: { images, abnormal },
    config: { inputShape },
  }: {
    readonly peers: PeerResults;
    readonly tool: PeerTool;
    readonly plan: DetectorPlan;
    readonly images: ExperimentResults['data'][string]['train'];
    readonly config: ExperimentResults['config'];
  },
): RunRecord {
  const tried = choice === 'validationChosen' ? tool.tried : [run];
  // Of one thread: the wall-clock time of a machine that does nothing else.
  const fits = tried.map((one) => ('failed' in one ? 0 : one.fit.cpuSeconds));
  const finished = {
    id,
    config: {
      formatVersion: 1,
      detector: { ...plan, scoreMethods: [] },
      dataSet,
      dataHash,
      inputShape,
      resize: { method: 'area', fit: 'stretch' },
      anomalies,
      seed,
      choice,
    },
    environment: {
      versions: { library: `${tool.package} ${versions[tool.package]}`, tfjs: '', node: '' },
      backend: `Python ${versions.Python}`,
      machine: { ...machine, memory: 0, platform: '' },
    },
    warnings: [],
    peakMemory: run.peakMemory,
  } as const;
  const fitted = fits.reduce((sum, seconds) => sum + seconds, 0);
  if ('failed' in run) {
    const [code] = run.failed.split(':');
    const error = { code, message: run.failed };
    return { status: 'failed', ...finished, seconds: fitted, error };
  }
  const same = ({ normalization, setting }: Inputs) => JSON.stringify([normalization, setting]);
  return {
    status: 'done',
    ...finished,
    seconds: fitted + run.scoring.cpuSeconds,
    tried: tried.map((one) =>
      'failed' in one
        ? { failed: one.failed }
        : { seconds: one.fit.cpuSeconds, checkpoints: 1, ...(one.stopped && { overBudget: true }) },
    ),
    setting: tried.findIndex((one) => same(one) === same(run)),
    trained: { images: images - abnormal, abnormal: 0 },
    history: [],
    validation: { labels: labels.val, scores: { score: run.val } },
    test: { labels: labels.test, scores: { score: run.test } },
    distinctScores: new Set(run.test).size,
    scoringSeconds: run.scoring.cpuSeconds,
  };
}
