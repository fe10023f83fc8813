import { createHash } from 'node:crypto';
import type { ImageRecipe, ImageSource } from 'salad-ad';
import type { ImageRecord } from 'salad-ad/data';
import type { Speaker } from '../frame/command.js';
import { library } from '../frame/library.js';
import { filesByRecipe } from '../images/files-by-recipe.js';
import { type ListedFilms, recordsOf } from '../images/films-of-archive.js';
import { inPath } from '../images/in-path.js';
import { mapMethod, mapPicture } from './map-picture.js';
import { modelHashOf, openedModel } from './opened-model.js';
import type { Row } from './row.js';
import type { OpenedModel } from './scorer.js';
import { type ScoreRun, started } from './scoring.js';

/** Makes of rows what goes back into an archive. */
export interface ResultMaker {
  /** Films at a time: a map takes the processor for itself. */
  readonly atOnce: number;
  /** Names what is said of a film, and by which model. */
  hashOf(row: Row): string;
  /** Makes the object of a row and stores it; the model is opened with the first. */
  send(row: Row, index: number): Promise<void>;
  end(): Promise<void>;
}

/** @param files of the rows, in their order */
export async function resultMaker(
  run: ScoreRun,
  { store, ...given }: ListedFilms,
  files: readonly string[],
  say: Speaker,
): Promise<ResultMaker> {
  const capture = run.given.sendBack === 'capture';
  const archive = { ...given, store, open: remembering(given.open) };
  const records = recordsOf(archive, files);
  const model = await modelHashOf(run.place);
  const sayings = ({ score, pValue, abnormal, threshold }: Row) => ({
    score: score as number,
    model: `SHA-256 ${model}`,
    ...(pValue !== undefined && { pValue }),
    ...(abnormal !== undefined && { abnormal }),
    ...(threshold !== undefined && { threshold }),
  });
  const opening = new Once<void, { opened: OpenedModel; source: ImageSource }>(async () => {
    const plan = { images: 1, backend: await started(run), threads: 1 };
    const opened = await openedModel(run.place, plan, say);
    const recipe = run.given.recipe as Partial<ImageRecipe> | undefined;
    return { opened, source: await filesByRecipe(files, opened.preparation, recipe, archive) };
  });
  /** What is the same of all films, as the model tells it of any. */
  const promises = new Once(async (index: number) => {
    const { opened, source } = await opening.get();
    const { groupPattern } = run.given;
    const found = await opened.scorer.score(library('salad-ad/data').subset(source, [index]), {
      recipe: 'source',
      signal: say.signal,
      ...(groupPattern && { groups: inPath('--group-pattern', groupPattern) }),
    });
    if (found.problems?.[0])
      throw Object.assign(new Error(found.problems[0].message), found.problems[0]);
    const { restsOn, decisionThreshold } = found;
    const { thresholdText } = library('salad-ad');
    return {
      ...(restsOn && { restsOn }),
      ...(decisionThreshold && { promise: thresholdText(decisionThreshold) }),
    };
  });
  return {
    atOnce: capture ? 1 : 4,
    hashOf: (row) =>
      createHash('sha256')
        .update(JSON.stringify([run.given.sendBack, sayings(row)]))
        .digest('hex')
        .slice(0, 16),
    async send(row, index) {
      const { dicomResult } = library('salad-ad/dicom');
      const statement = { ...sayings(row), ...(await promises.get(index)) };
      const { opened, source } = await opening.get();
      const film = await archive.open(records[index]);
      const object =
        capture && opened.model
          ? await dicomResult.secondaryCapture(
              film,
              await mapPicture(opened.model, source, index, mapMethod(opened.model), say),
              statement,
            )
          : await dicomResult.structuredReport(film, statement);
      await store(records[index], object);
    },
    async end() {
      await (await opening.result())?.opened.end();
    },
  };
}

/** Work that is done once; what failed is begun again by the next who asks. */
class Once<Argument, Result> {
  private running?: Promise<Result>;

  constructor(private readonly work: (argument: Argument) => Promise<Result>) {}

  get(argument: Argument): Promise<Result> {
    if (this.running) return this.running;
    const running = this.work(argument);
    this.running = running;
    running.catch(() => {
      this.running = undefined;
    });
    return running;
  }

  /** undefined where nothing was begun, or it failed. */
  async result(): Promise<Result | undefined> {
    return this.running?.catch(() => undefined);
  }
}

/** The file of the film that was opened last need not be asked for again, which a map and its score would. */
function remembering(open: ListedFilms['open']): ListedFilms['open'] {
  let last: { readonly record: ImageRecord; readonly film: Promise<Uint8Array> } | undefined;
  return (record) => {
    if (last?.record !== record) last = { record, film: open(record) };
    const { film } = last;
    film.catch(() => {
      if (last?.film === film) last = undefined;
    });
    return film;
  };
}
