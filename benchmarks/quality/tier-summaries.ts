import { readFile } from 'node:fs/promises';
import type {
  DataFacts,
  ExperimentConfig,
  PairedComparison,
  RowSummary,
} from 'salad-ad/experiments';
import { currentWord } from '../../src/experiments/stored-words.js';

/** What `run.ts` writes of each experiment of a tier, beside its tables. */
export interface TierSummary {
  readonly config: ExperimentConfig;
  readonly rows: readonly RowSummary[];
  readonly pairs: readonly PairedComparison[];
  /** By data set. */
  readonly shortcuts?: Readonly<Record<string, DataFacts['test']['shortcuts']>>;
}

/** The summaries of a tier; none where it was not run. */
export async function tierSummaries(tier: string): Promise<readonly TierSummary[]> {
  const file = new URL(`results/tier-${tier}.json`, import.meta.url);
  return parseSummaries(await readFile(file, 'utf8').catch(() => '[]'));
}

/** Names of version 0.1, and those of the code. */
const names: Readonly<Record<string, string>> = {
  giveAways: 'shortcuts',
  trait: 'attribute',
  readout: 'scoreMethod',
  readouts: 'scoreMethods',
  afterLook: 'afterEvaluation',
  kinds: 'findings',
  byKind: 'byFinding',
  seenKinds: 'seenFindings',
  unseenKinds: 'unseenFindings',
};
const constants = [
  'choice',
  'choices',
  'attribute',
  'scoreMethod',
  'scoreMethods',
  'knownAnomalies',
];

/** Summaries in the names and constants of the code or of version 0.1. */
export function parseSummaries(text: string): readonly TierSummary[] {
  return JSON.parse(text, (_, value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => {
        const name = names[key] ?? key;
        return [name, constants.includes(name) ? inCurrentWords(inner) : inner];
      }),
    );
  });
}

function inCurrentWords(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inCurrentWords);
  return typeof value === 'string' ? currentWord(value) : value;
}
