import type { Machine } from '../speed/machine.js';
import type { Measured } from './measured.js';

export type Row =
  | ({
      readonly name: string;
      /** The largest difference to the scores of the one process of its family. */
      readonly furthest: number;
      /** Films that one of both lacks. */
      readonly lost: number;
      readonly films: number;
    } & Measured)
  | { readonly name: string; readonly missing: string };

/** All ways as a page of Markdown. */
export function table(
  rows: readonly Row[],
  run: {
    readonly films: number;
    readonly between?: { readonly furthest: number };
    readonly machine: Machine;
  },
): string {
  const { processor, cores, memoryGiB, system, node, commit } = run.machine;
  const first = rows[0];
  const base = 'missing' in first ? undefined : first;
  const lines = rows.map((row) => {
    if ('missing' in row)
      return `| ${row.name} | | | | | | | ${row.missing.split('\n').at(-1)?.slice(0, 120)} |`;
    const { seconds, processorSeconds, peakMemory, films, lost, furthest } = row;
    const ratio = (base ? base.seconds / seconds : 1).toFixed(2);
    const memory = base ? (peakMemory / base.peakMemory).toFixed(1) : '';
    return `| ${row.name} | ${films} | ${lost} | ${furthest === 0 ? '0' : furthest.toExponential(1)} | ${ratio} | ${(run.films / seconds).toFixed(0)} | ${processorSeconds.toFixed(0)} | ${memory} |`;
  });
  return `# Many films, by every way

Written by \`npx tsx benchmarks/scale/run.ts --films ${run.films}\` ([what is measured](README.md)). ${processor}, ${cores} cores, ${memoryGiB} GiB, ${system}, Node ${node}, commit ${commit}.

| way | films scored | lost or twice | largest difference | times as fast as the first row | films a second | seconds of processor | memory, times that of the first row |
|---|---|---|---|---|---|---|---|
${lines.join('\n')}
${run.between ? `\nThe one process of the command scores by TensorFlow.js, all others by the .onnx file: their scores differ by at most ${run.between.furthest.toExponential(1)}.\n` : ''}`;
}
