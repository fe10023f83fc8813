import { table } from '../../src/experiments/markdown.js';
import { Missing } from '../speed/contestant.js';
import { thisMachine } from '../speed/machine.js';
import { type Differences, TOLERANCE } from './compare.js';
import type { FileDifferences } from './from-files.js';
import type { KeptModel } from './kept-model.js';
import type { Row } from './runtime-rows.js';
import { TERMS, type TermName } from './scored.js';

/** What was found for one model. */
export interface SizeReport {
  readonly kept: KeptModel;
  /** Of the reference. */
  readonly scores: readonly number[];
  /** Of its terms among normals. */
  readonly spreads: Readonly<Record<TermName, { readonly deviation: number }>>;
  readonly runtimes: readonly Row<Differences>[];
  readonly files: readonly Row<FileDifferences>[];
}

/** The page, and the rows that miss what is promised of float32. */
export function report(sizes: readonly SizeReport[]): { text: string; missed: string[] } {
  const missed = sizes.flatMap(({ kept, runtimes, files }) =>
    [
      ...runtimes.filter((row) =>
        misses(
          row,
          ({ unexplainedRows, unexplainedPValues }) => unexplainedRows + unexplainedPValues,
        ),
      ),
      ...files.filter((row) => misses(row, () => 0)),
    ].map(({ name }) => `${kept.size} px, ${name}`),
  );
  const { processor, cores, system, node, commit } = thisMachine();
  const lines = [
    '# The same score everywhere',
    '',
    `Made by \`npx tsx benchmarks/equality/everywhere.ts\` on ${processor}, ${cores} cores, ${system}, Node ${node}, at ${commit}. Each line: how far a runtime is from wasm in Node, over the same films.`,
    '',
    `Promised of float32: scores the same to ${TOLERANCE} of the larger of 1 and the score, and the same nearest rows and verdicts. ${missed.length === 0 ? 'No row misses that.' : `**These rows miss that:** ${missed.join('; ')}.`} A verdict counts as another where the score lies farther than ${TOLERANCE} from the threshold, and a p-value as unexplained where no validation normal lies within ${TOLERANCE} of the film: elsewhere rounding may count one normal more or less. Rows are the same where they are so in order, and unexplained where two changed places whose angles differ by more than 1e-6.`,
    ...sizes.flatMap(section),
  ];
  return { text: `${lines.join('\n')}\n`, missed };
}

function misses<T extends { score: number; relative?: number; otherVerdicts: number }>(
  { promised, found }: Row<T>,
  others: (found: T) => number,
): boolean {
  if (!promised || found instanceof Missing) return false;
  return !((found.relative ?? found.score) <= TOLERANCE) || found.otherVerdicts + others(found) > 0;
}

function section({ kept, scores, spreads, runtimes, files }: SizeReport): string[] {
  const { size, films } = kept;
  const { count, height, width } = films;
  return [
    '',
    `## ${size} px: ${count} films of ${height} x ${width} px`,
    '',
    `The model's score is a sum in standard deviations, here from ${Math.min(...scores).toFixed(1)} to ${Math.max(...scores).toFixed(1)}: of its terms, whose deviations among the normals are ${TERMS.map((name) => `${spreads[name].deviation.toPrecision(2)} (\`${name}\`)`).join(' and ')}. ${versionsOf(runtimes)}`,
    '',
    table(
      [
        'runtime',
        'score, largest difference',
        'the same over max(1, absolute score)',
        ...TERMS.map((name) => `term \`${name}\``),
        'p-value, largest difference',
        'films with another p-value',
        'of these unexplained',
        'films with other nearest rows',
        'of these unexplained',
        'other verdicts',
      ],
      runtimes.map(({ name, found }) => [
        name,
        ...(found instanceof Missing
          ? absent(found, 8 + TERMS.length)
          : [
              found.score.toExponential(1),
              found.relative.toExponential(1),
              ...TERMS.map((name) => found.terms[name].toExponential(1)),
              found.pValue.toFixed(4),
              ...[
                found.otherPValues,
                found.unexplainedPValues,
                found.otherRows,
                found.unexplainedRows,
                found.otherVerdicts,
              ].map(String),
            ]),
      ]),
    ),
    '',
    `From file to score, ${Math.ceil(count / 4)} films of each kind, against \`model.scoreFiles\` on wasm in Node:`,
    '',
    table(
      ['file and way', 'score, largest difference', 'other verdicts'],
      files.map(({ name, found }) => [
        name,
        ...(found instanceof Missing
          ? absent(found, 2)
          : [found.score.toExponential(1), String(found.otherVerdicts)]),
      ]),
    ),
  ];
}

function absent({ what, remedy }: Missing, cells: number): string[] {
  return [`not measured: ${what} is missing (${remedy})`, ...new Array(cells - 1).fill('')];
}

function versionsOf(runtimes: readonly Row<Differences>[]): string {
  const versions = [...new Set(runtimes.flatMap(({ version }) => version ?? []))];
  return versions.length === 0 ? '' : `Versions: ${versions.join('; ')}.`;
}
