import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Machine } from './machine.js';
import type { Result } from './results.js';
import { resultTable } from './table.js';

/** What results.json holds. */
export interface Report {
  readonly machine: Machine;
  readonly threads: number;
  readonly date: string;
  readonly command: string;
  /** What the threads of a process computed, instead of the time that passed. */
  readonly cpuTime: boolean;
  /** Of the libraries that took part. */
  readonly versions: Readonly<Record<string, string>>;
  readonly results: readonly Result[];
}

/** The report in a folder, if there is one. */
export async function readReport(folder: string): Promise<Report | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, 'results.json'), 'utf8'));
  } catch {
    return undefined;
  }
}

/** Writes results.json and results.md. */
export async function writeReport(folder: string, report: Report): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'results.json'), `${JSON.stringify(report, null, 1)}\n`);
  await writeFile(join(folder, 'results.md'), page(report));
}

function page({ machine, threads, cpuTime, date, command, versions, results }: Report): string {
  const { processor, cores, memoryGiB, system, node, commit } = machine;
  const libraries = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `# Speed

\`${command}\`, ${date}, commit ${commit}: ${processor}, ${cores} cores, ${memoryGiB} GiB, ${system}, Node ${node};
${libraries.join(', ')}. ${threads} threads where a program can use them (tfjs's wasm in Node uses one). Batch 16.

Figures are the best, and in brackets the median, of measurements taken in turn (A B A B ...), each program in
a process of its own${cpuTime ? '; processor time instead of time passed' : ''}; the target is held against the ratio of the best. What a row compares: [README.md](README.md).

${resultTable(results)}
`;
}
