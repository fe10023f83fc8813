import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import type { Slow } from './examiner.js';
import { createInputs, type Task } from './inputs.js';

/** All that a run has to tell. */
export interface FuzzResult {
  readonly seed: number;
  /** How many of each task. */
  readonly inputs: Record<Task, number>;
  /** [task][group][outcome] */
  readonly counts: Record<Task, Record<string, Record<string, number>>>;
  readonly findings: {
    readonly task: Task;
    readonly index: number;
    readonly from: string;
    readonly what: string;
    readonly file: string;
  }[];
  slowest: Slow[];
  /** Of the largest process, in bytes. */
  peakMemory: number;
  seconds: number;
}

const PACKAGES = [
  'sharp',
  '@cornerstonejs/codec-charls',
  '@cornerstonejs/codec-libjpeg-turbo-8bit',
  '@cornerstonejs/codec-openjpeg',
  '@cornerstonejs/codec-openjph',
  'jpeg-lossless-decoder-js',
];

const TITLES: Record<Task, string> = {
  parse: '## Header and metadata',
  decode: '## Pixels',
  model: '## Models and detectors',
  checked: '## Files with check sums',
};

/** report.json and report.md. */
export function writeReport(folder: URL, result: FuzzResult): void {
  writeFileSync(new URL('report.json', folder), `${JSON.stringify(result, undefined, 2)}\n`);
  writeFileSync(new URL('report.md', folder), markdownOf(result));
}

function markdownOf(result: FuzzResult): string {
  const { seed, inputs, counts, findings, slowest, peakMemory, seconds } = result;
  const { images, models, checked } = createInputs();
  return `${[
    '# Damaged files',
    '',
    `    npm run fuzz -- --parsed ${inputs.parse} --decoded ${inputs.decode} --models ${inputs.model} --checked ${inputs.checked} --seed ${seed} --report`,
    '',
    `${inputs.parse} inputs whose header was read and ${inputs.decode} that were decoded to pixels, made from ${images.length} files of up to 41 x 33 pixels; ` +
      `${inputs.model} saved models and detectors, made from ${models.length}, and ${inputs.checked} files that carry check sums, made from ${checked.length} npz and PNG: ` +
      `**${findings.length} findings**. A finding is a crash, 2 s of the processor or no end within 10 s, 256 MiB more memory, an error that is none of ` +
      "the decoder's own (IMAGE_...), an error or metadata that names the patient, an image that breaks the interface, " +
      'an input that is decoded in two ways, or an undamaged file that is decoded in another way after it. Of models and files with check sums ' +
      'it is also a tensor that is left, or another result without a word; only models of version 0.1, which have no checksum, may ' +
      'have other values in their JSON, and archives whose check sums were corrected other content (column "other").',
    '',
    `Largest process: ${Math.round(peakMemory / 2 ** 20)} MiB. ${Math.round(seconds)} s on ${cpus()[0]?.model ?? 'an unknown processor'}, shared with other work; ` +
      `Node ${process.version}, ${PACKAGES.map(versionOf).join(', ')}.`,
    '',
    ...(['parse', 'decode', 'model', 'checked'] as const).flatMap((task) => [
      TITLES[task],
      '',
      ...table(counts[task]),
      '',
    ]),
    '## Slowest',
    '',
    '| input | from | milliseconds | outcome |',
    '| --- | --- | ---: | --- |',
    ...slowest.map(
      ({ task, index, seed: from, milliseconds, outcome }) =>
        `| ${task} ${index} | ${from} | ${Math.round(milliseconds)} | ${outcome} |`,
    ),
    ...(findings.length > 0 ? ['', '## Findings', ''] : []),
    ...findings.map(({ task, index, from, what }) => `- ${task} ${index} (${from}): ${what}`),
  ].join('\n')}\n`;
}

function table(counts: FuzzResult['counts'][Task]): string[] {
  const outcomes = [...new Set(Object.values(counts).flatMap((row) => Object.keys(row)))].sort();
  const cells = (row: Record<string, number>) => outcomes.map((name) => row[name] ?? 0);
  const sum: Record<string, number> = {};
  for (const row of Object.values(counts))
    for (const name of outcomes) sum[name] = (sum[name] ?? 0) + (row[name] ?? 0);
  return [
    `| files | ${outcomes.join(' | ')} |`,
    `| --- |${' ---: |'.repeat(outcomes.length)}`,
    ...Object.keys(counts)
      .sort()
      .map((group) => `| ${group} | ${cells(counts[group]).join(' | ')} |`),
    `| all | ${cells(sum).join(' | ')} |`,
  ];
}

function versionOf(name: string): string {
  const file = new URL(`../../node_modules/${name}/package.json`, import.meta.url);
  return `${name} ${JSON.parse(readFileSync(file, 'utf8')).version}`;
}
