import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { type Line, type Measured, measured } from './measured.js';
import type { Case } from './prepare.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const python = process.env.SALAD_AD_PYTHON ?? 'python3';

/** The score of each film by name, NaN where the way names a reason why it has none; a film that came twice is an error. */
export type Scores = ReadonlyMap<string, number>;

/** One way of scoring a folder. */
export interface Way {
  readonly name: string;
  /** What its scores are compared with. */
  readonly family: 'onnx' | 'command';
  run(of: Case, out: string): Promise<Measured>;
  scores(of: Case, out: string): Promise<Scores>;
}

export const ways: readonly Way[] = [
  inNode('one process on one core, onnxruntime-node', ({ program, given }) => ({
    program: 'taskset',
    given: ['-c', '0', program, ...given],
  })),
  inNode('one process, onnxruntime-node'),
  onPython('one process, Python', 'benchmarks/scale/in_python.py'),
  onPython('Ray, two actors', 'examples/python/score_ray.py'),
  onPython('Ray, two actors, one killed', 'examples/python/score_ray.py', killOnce),
  onPython('Spark, local[2]', 'examples/python/score_spark.py'),
  onPython('Spark, local[2], one worker killed', 'examples/python/score_spark.py', killOnce),
  {
    name: 'one process, `salad-ad score`',
    family: 'command',
    run: (of, out) => measured([command(of, out)]),
    scores: ofCommand,
  },
  {
    name: 'two shards, `salad-ad score` of the .onnx file',
    family: 'onnx',
    run: (of, out) => measured([command(of, out, 1), command(of, out, 2)]),
    scores: ofCommand,
  },
  {
    name: 'the same, one killed and begun again',
    family: 'onnx',
    async run(of, out) {
      const killed = await measured([command(of, out, 1), command(of, out, 2)], async ([first]) => {
        // Once some rows are kept.
        while (first.exitCode === null && sizeOf(`${out}.csv.1-of-2.partial`) < 1000)
          await new Promise((resolve) => setTimeout(resolve, 20));
        if (first.exitCode !== null) throw new Error('a shard ended before it was killed');
        first.kill('SIGKILL');
      });
      const again = await measured([command(of, out, 1)]);
      return {
        seconds: killed.seconds + again.seconds,
        processorSeconds: killed.processorSeconds + again.processorSeconds,
        peakMemory: Math.max(killed.peakMemory, again.peakMemory),
      };
    },
    scores: ofCommand,
  },
];

function inNode(name: string, on = (line: Line): Line => line): Way {
  return {
    name,
    family: 'onnx',
    run: ({ onnx, films }, out) => measured([on(tsx('in-node.ts', onnx, films, `${out}.jsonl`))]),
    scores: async (_, out) =>
      scoresOf(
        readFileSync(`${out}.jsonl`, 'utf8')
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line)),
      ),
  };
}

function onPython(
  name: string,
  script: string,
  meanwhile?: (children: readonly ChildProcess[], out: string) => Promise<void>,
): Way {
  const env = { PYSPARK_PYTHON: python, PYTHONWARNINGS: 'ignore' };
  return {
    name,
    family: 'onnx',
    run: ({ onnx, films }, out) =>
      measured(
        [{ program: python, given: [join(root, script), onnx, films, out], env }],
        meanwhile && ((children) => meanwhile(children, out)),
      ),
    scores: async (_, out) => {
      const file = await asyncBufferFromFile(join(out, 'scores.parquet'));
      const rows = (await parquetReadObjects({ file, columns: ['name', 'score'] })) as Named[];
      return scoresOf(rows);
    },
  };
}

/** Ends the worker of one chunk that it has begun, once a tenth of a second has passed since the first. */
async function killOnce([child]: readonly ChildProcess[], out: string): Promise<void> {
  const begun = () => {
    try {
      return readdirSync(join(out, 'begun'));
    } catch {
      return [];
    }
  };
  for (;;) {
    if (child.exitCode !== null) throw new Error('the run ended before a worker was killed');
    for (const name of begun()) {
      const pid = Number(textOf(join(out, 'begun', name)));
      if (!pid) continue;
      process.kill(pid, 'SIGKILL');
      if (begun().includes(name)) return;
    }
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

const tsx = (script: string, ...given: string[]): Line => ({
  program: process.execPath,
  given: ['--import', 'tsx', join(root, 'benchmarks/scale', script), ...given],
});

/** The folder of the model in one process; its .onnx file in shards, as the other ways have it. */
const command = ({ films, model, onnx }: Case, out: string, shard?: number): Line => ({
  program: process.execPath,
  given: [
    join(root, 'dist/cli.js'),
    ...['score', films, '--model', shard ? onnx : model, '--out', `${out}.csv`, '--threads', '1'],
    ...(shard ? ['--shard', `${shard}/2`] : []),
  ],
});

interface Named {
  readonly name: string;
  readonly score: number | null;
}

async function ofCommand({ films }: Case, out: string): Promise<Scores> {
  const [head, ...lines] = readFileSync(`${out}.csv`, 'utf8').trim().split('\n');
  const at = head.split(',').indexOf('score');
  const rows = lines.map((line) => line.split(','));
  return scoresOf(
    rows.map((cells) => ({
      name: relative(films, cells[0]),
      score: cells[at] === '' ? null : Number(cells[at]),
    })),
  );
}

function scoresOf(rows: readonly Named[]): Scores {
  const scores = new Map(rows.map(({ name, score }) => [basename(name), score ?? Number.NaN]));
  if (scores.size !== rows.length)
    throw new Error(`${rows.length - scores.size} films came more than once`);
  return scores;
}

const textOf = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};

const sizeOf = (path: string): number => {
  try {
    return statSync(path).size;
  } catch {
    return 0;
  }
};
