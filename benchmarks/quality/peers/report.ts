/**
 * Writes peers.md from what peers.py left; it calls this with the folder of the films.
 *
 *   npx tsx benchmarks/quality/peers/report.ts output/quality-peers/films
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ExperimentResults, experimentTables } from 'salad-ad/experiments';
import { type Column, type PeerResults, type PeerRun, peersOf, readPeers } from './peer-results.js';

const ORDER = ['cxr-pneumonia', 'nih-cxr', 'knee', 'pneumoniamnist'];

/** anomalib's other models, and why they are not here. */
const LEFT_OUT = {
  'AnomalyDINO, AnomalyVFM, CFA, CFM, CS-Flow, Dinomaly, DSR, EfficientAD, FoundAD, INP-Former, L2BT, STFPM, SuperADD, SuperSimpleNet, U-Flow, UniNet, VLM-AD, WinCLIP':
    'fetch weights whatever their options say',
  'CFLOW, FastFlow, FRE, GeneralAD, GLASS, PatchFlow, Reverse Distillation':
    'have an option not to fetch weights, and would then train for epochs on top of features that have learnt nothing',
  'MHPatchcore, RAD': 'are variants of PatchCore on other backbones',
  'AI-VAD, FUVAS': 'are for videos',
};

const [folder] = process.argv.slice(2);
const there = (await readdir(folder)).sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b));
const sections: string[] = [];
let last: PeerResults | undefined;
const notes = new Map<string, string>();
for (const name of there) {
  const peers = await readPeers(name);
  if (!peers) continue;
  last = peers;
  for (const tool of peers.tools) if (tool.note) notes.set(tool.name, tool.note);
  const experiment = await readFile(join(folder, name, 'experiment.json'), 'utf8');
  const results = await peersOf(JSON.parse(experiment) as ExperimentResults);
  const [size] = results.config.inputShape;
  const tables = experimentTables(results).replace(`## ${name}`, `## ${name}, ${size} px`);
  const unfinished = peers.tools.filter(({ complete }) => !complete);
  if (unfinished.length > 0)
    sections.push(`## ${name}: not run to the end`, unfinished.map((one) => one.name).join(', '));
  sections.push(tables, '### Processor time and settings', taken(peers));
  sections.push('### Tried', 'Validation AUC at the first seed.', tried(peers));
}
if (!last) throw new Error('no results; run peers.py');
await writeFile(
  new URL('peers.md', import.meta.url),
  `${[...head(last), ...sections].join('\n\n')}\n`,
);

function head({ versions, machine, budgetCpuSeconds }: PeerResults): string[] {
  const made = Object.entries(versions).map(([name, number]) => `${name} ${number}`);
  return [
    "# Python's tools on the tiers' data sets",
    `Made by \`python benchmarks/quality/peers/peers.py\` ([peers.py](peers.py) says how to install), a process a run, one thread. ${made.join(', ')}. ${machine.processor}, ${machine.cores} cores. Budget ${budgetCpuSeconds} s of processor time a fit: a tool that learns in epochs stops before the one that would probably end beyond it, or within the first, at the budget.`,
    'Rows and pixels are those of the tiers (the hash of the data agrees), normal films alone: these tools take no labels. *Label-free*: as shipped, on plain pixels; of the rows named so, on the library\'s `localContrast`. *Validation-chosen*: of both normalisations and all settings under "Tried" those of highest validation AUC at the first seed, the same for all seeds; a tool that draws nothing is run once and stands for every seed. No epoch is chosen. The test films take no part in any choice.',
    'Seconds a run are processor time of the one thread, which other work on the machine disturbs least: scoring of the test films and, where validation chose, all fits that it chose among. Wall-clock times stand further down; the machine was busy with other work. Peak memory counts the libraries.',
    [...notes].map(([name, note]) => `- ${name}: ${note}.`).join('\n'),
    'Models of anomalib that are not here:',
    Object.entries(LEFT_OUT)
      .map(([names, why]) => `- ${names}: they ${why}.`)
      .join('\n'),
  ];
}

function taken({ tools, labels }: PeerResults): string {
  const shown: readonly Column[] = ['plain', 'localContrast', 'chosen'];
  const rows = tools.flatMap((tool) =>
    shown.flatMap((column) => {
      const runs = (tool.columns[column] ?? []).filter(isDone);
      if (runs.length === 0) return [];
      const [{ normalization, setting }] = runs;
      const how = column === 'chosen' ? 'validation-chosen' : 'as shipped';
      const epochs = runs.map((run) => run.epochs ?? 0);
      const scoring = mean(runs.map((run) => run.scoring.cpuSeconds)) / labels.test.length;
      return [
        [
          tool.name,
          `${how}: ${textOf(setting)}`,
          normalization,
          mean(runs.map((run) => run.fit.cpuSeconds)).toFixed(1),
          mean(runs.map((run) => run.fit.seconds)).toFixed(1),
          (1000 * scoring).toFixed(2),
          runs.some(({ stopped }) => stopped)
            ? `${Math.min(...epochs)} to ${Math.max(...epochs)}`
            : '',
        ],
      ];
    }),
  );
  return table(
    [
      'tool',
      'setting',
      'images',
      'fit, s of processor time',
      'fit, s of wall-clock',
      'score, ms of processor time a film',
      'epochs within the budget',
    ],
    rows,
  );
}

function tried({ tools }: PeerResults): string {
  const rows = tools.flatMap((tool) => {
    const settings = [...new Set(tool.tried.map(({ setting }) => JSON.stringify(setting)))];
    return settings.map((text) => [
      tool.name,
      textOf(JSON.parse(text)),
      ...['plain', 'localContrast'].map((normalization) => {
        const one = tool.tried.find(
          (other) =>
            other.normalization === normalization && JSON.stringify(other.setting) === text,
        );
        if (!one) return 'not run';
        return 'failed' in one ? one.failed : one.validationAuc.toFixed(3);
      }),
    ]);
  });
  return table(['tool', 'setting', 'plain', 'localContrast'], rows);
}

function isDone(run: PeerRun): run is Exclude<PeerRun, { failed: string }> {
  return !('failed' in run);
}

function textOf(setting: Readonly<Record<string, unknown>>): string {
  const entries = Object.entries(setting).map(
    ([name, value]) => `${name} ${Array.isArray(value) ? value.join('+') : value}`,
  );
  return entries.join(', ') || 'default';
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}
