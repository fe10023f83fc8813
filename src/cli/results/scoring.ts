import { createHash } from 'node:crypto';
import type { ImageRecipe } from 'salad-ad';
import { startBackend } from '../frame/backend.js';
import type { Speaker } from '../frame/command.js';
import type { ModelPlace } from '../frame/load-model.js';
import { filesByRecipe } from '../images/files-by-recipe.js';
import type { ListedFilms } from '../images/films-of-archive.js';
import { inPath } from '../images/in-path.js';
import { namingBytes, openedModel } from './opened-model.js';
import type { Row } from './row.js';
import { scoredRows } from './score-run.js';
import type { Shard } from './shard.js';
import type { Format } from './table.js';

/** A run of `salad-ad score`. */
export interface ScoreRun {
  readonly place: ModelPlace;
  /** Those of all shards. */
  readonly all: readonly string[];
  /** Has the files, where they are no paths. */
  readonly archive?: ListedFilms;
  readonly shard?: Shard;
  readonly format: Format;
  readonly given: {
    readonly backend?: string;
    readonly threads?: number;
    readonly groupPattern?: string;
    readonly falseDiscoveries?: number;
    readonly recipe?: Readonly<Record<string, unknown>>;
    /** What goes back into the archive of each film. */
    readonly sendBack?: string;
  };
}

/** What computes: an exported file brings its own runtime. */
export const started = ({ place, given }: ScoreRun): Promise<string> =>
  place.kind === 'onnx' ? Promise.resolve('onnxruntime') : startBackend(given.backend);

/** The rows of files from number `before` on, in order. */
export async function* scored(
  run: ScoreRun,
  files: readonly string[],
  before: number,
  say: Speaker,
): AsyncGenerator<Row[], void> {
  if (before >= files.length) return;
  const backend = await started(run);
  const plan = { images: files.length - before, backend, threads: run.given.threads };
  const { preparation, scorer, end } = await openedModel(run.place, plan, say);
  try {
    const { recipe } = run.given;
    const source = await filesByRecipe(
      files,
      preparation,
      recipe as Partial<ImageRecipe>,
      run.archive,
    );
    const { groupPattern } = run.given;
    const groupOf = groupPattern ? inPath('--group-pattern', groupPattern) : undefined;
    const began = performance.now();
    let done = before;
    for await (const rows of scoredRows(scorer, source, { first: before, groupOf }, say)) {
      yield rows;
      done += rows.length;
      const each = (performance.now() - began) / 1000 / (done - before);
      const secondsLeft = each * (files.length - done);
      const progress = { done, total: files.length, secondsLeft };
      say.progress('images', progress, { imagesPerSecond: Number((1 / each).toPrecision(3)) });
    }
  } finally {
    await end();
  }
}

/** What the rows depend on. The weights are named by their hash in the model's file. */
export async function keyOf({ place, all, given }: ScoreRun, backend: string): Promise<string> {
  const hash = createHash('sha256').update(await namingBytes(place));
  hash.update(JSON.stringify({ all, backend, recipe: given.recipe, groups: given.groupPattern }));
  return hash.digest('hex').slice(0, 16);
}
