import { createHash } from 'node:crypto';
import type { ImageRecipe } from 'salad-ad';
import { startBackend } from '../frame/backend.js';
import type { Speaker } from '../frame/command.js';
import { exitCodes } from '../frame/exit-codes.js';
import { Failure, onTheLine } from '../frame/failure.js';
import type { ModelPlace } from '../frame/load-model.js';
import { filesByRecipe } from '../images/files-by-recipe.js';
import { factsOfFiles } from '../images/film-facts.js';
import type { ListedFilms } from '../images/films-of-archive.js';
import { inPath } from '../images/in-path.js';
import { watched } from '../images/watched-films.js';
import type { KeptRow } from './kept-rows.js';
import { modelHashOf, openedModel } from './opened-model.js';
import { scoredRows } from './score-run.js';
import type { Shard } from './shard.js';
import type { Format } from './table.js';

/** A run of `salad-ad score`. */
export interface ScoreRun {
  readonly place: ModelPlace;
  /** What the line names: paths, or a service and a query. */
  readonly asked: readonly unknown[];
  /** The films of all shards. */
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
    /** Whether films that could not be read are read again. */
    readonly retry?: boolean;
  };
}

/** What computes: an exported file brings its own runtime. */
export const started = ({ place, given }: ScoreRun): Promise<string> =>
  place.kind === 'onnx' ? Promise.resolve('onnxruntime') : startBackend(given.backend);

/**
 * The rows of files, in their order.
 *
 * @param before how many of the run have one already
 * @param alone told of a film that is read alone, where an earlier run was killed
 * @throws Failure where an archive answers no longer, after the rows of the films that it gave
 */
export async function* scored(
  run: ScoreRun,
  files: readonly string[],
  { before = 0, alone }: { before?: number; alone?: (file?: string) => Promise<void> },
  say: Speaker,
): AsyncGenerator<KeptRow[], void> {
  if (files.length === 0) return;
  const backend = await started(run);
  const plan = { images: files.length, backend, threads: run.given.threads };
  const { preparation, scorer, end } = await openedModel(run.place, plan, say);
  try {
    const { recipe, groupPattern } = run.given;
    const archive = run.archive && watched(run.archive);
    const source = await filesByRecipe(files, preparation, recipe as Partial<ImageRecipe>, archive);
    const watching = {
      groupOf: groupPattern ? inPath('--group-pattern', groupPattern) : undefined,
      factsOf: archive?.factsOf ?? factsOfFiles,
      modelHash: await modelHashOf(run.place),
      alone,
    };
    const began = performance.now();
    let done = 0;
    for await (const rows of scoredRows(scorer, source, watching, say)) {
      const down = archive?.down();
      yield down ? rows.filter(({ problem }) => problem === undefined) : rows;
      if (down)
        throw new Failure(
          exitCodes.notNow,
          `the server gives no more films, and was given up: ${onTheLine(down)}`,
        );
      done += rows.length;
      const each = (performance.now() - began) / 1000 / done;
      const secondsLeft = each * (files.length - done);
      const progress = { done: before + done, total: before + files.length, secondsLeft };
      say.progress('images', progress, { imagesPerSecond: Number((1 / each).toPrecision(3)) });
    }
  } finally {
    await end();
  }
}

/** What every row depends on beside its film. */
export async function keyOf({ place, given }: ScoreRun, backend: string): Promise<string> {
  const { recipe, groupPattern } = given;
  return shortHash([await modelHashOf(place), backend, recipe, groupPattern]);
}

/** Of anything that JSON tells. */
export const shortHash = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
