import type { DriftMonitor, MonitoredFilm } from 'salad-ad/monitor';
import { unusable } from '../frame/failure.js';
import { library } from '../frame/library.js';
import { normalsOf } from './normals-of.js';
import { type ReadRow, readScores } from './read-scores.js';
import { type TraitKinds, traitsOf } from './traits.js';

/** A table of scores that was read. */
export interface ScoreTable {
  readonly path: string;
  readonly rows: readonly ReadRow[];
}

/** Rows as the monitor takes them, with what is known of their films. @param metadata path of a table about the films @throws Failure */
export async function watchedFilms(
  table: ScoreTable,
  kinds: TraitKinds,
  metadata: string | undefined,
): Promise<MonitoredFilm[]> {
  if (table.rows.length === 0) return [];
  const traits = await traitsOf(kinds, table, metadata);
  return table.rows.map(({ score, pValue, pValueGroup, problem }, i) => ({
    ...(score !== undefined && { score }),
    ...(pValue !== undefined && { pValue }),
    ...(pValueGroup && { group: pValueGroup }),
    ...(problem && { problem: problem.split(':')[0] }),
    traits: traits[i],
  }));
}

/** A monitor that has seen nothing yet. @param table the first that it will see @throws Failure */
export async function newMonitor(
  table: ScoreTable,
  traits: TraitKinds,
  given: {
    readonly reference?: string;
    readonly referenceMetadata?: string;
    readonly metadata?: string;
    readonly model?: string;
    readonly falseAlarms?: number;
    readonly window?: number;
  },
): Promise<DriftMonitor> {
  const { reference: path, referenceMetadata = given.metadata, falseAlarms, window } = given;
  const reference =
    path === undefined
      ? undefined
      : await watchedFilms({ path, rows: await readScores(path) }, traits, referenceMetadata);
  const { DriftMonitor: Monitor } = library('salad-ad/monitor');
  return new Monitor({
    traits,
    ...(await comparedWith(table, given.model)),
    ...(reference && { reference }),
    ...(falseAlarms !== undefined && { falseAlarmRate: falseAlarms }),
    ...(window !== undefined && { window }),
  });
}

/** Threshold and scores of normals: those of the model; without one the threshold of the table. */
async function comparedWith({ path, rows }: ScoreTable, model: string | undefined) {
  const ofRows = rows.find(({ threshold }) => threshold !== undefined)?.threshold;
  if (model === undefined) return ofRows === undefined ? {} : { threshold: ofRows };
  const normals = await normalsOf(model);
  const { threshold } = normals;
  if (threshold !== undefined && ofRows !== undefined && threshold !== ofRows)
    throw unusable(
      `the scores of '${path}' were compared with the threshold ${ofRows}, and that of the model '${model}' is ${threshold}; name the model that gave the scores, or score again`,
    );
  return normals;
}
