import {
  areaUnderRoc,
  areaUnderRocWithin,
  averagePrecision,
  bootstrapInterval,
  pick,
} from 'salad-ad/metrics';
import type { Floor } from '../../examples/chest-xray/floors.js';
import { meanAndSpread } from '../../examples/chest-xray/full-table.js';
import type { RunRecord } from '../../examples/chest-xray/runs.js';

export type Split = 'validation' | 'test';

type Labels = ArrayLike<number>;

/** The scores that a run's own settings name, image by image. */
function scoresOf(record: RunRecord, split: Split): readonly number[] {
  const scores = record[split];
  if (!scores) throw new Error(`run ${record.name} has no ${split} scores`);
  return scores[record.settings.method ?? 'angular'];
}

/** A row a variant: AUC of its own score and of both, AUPRC, AUC within quartiles of texture. */
export function variantTable(
  records: readonly RunRecord[],
  split: Split,
  labels: Labels,
  strata: ArrayLike<number>,
): string {
  const auc = (scores: readonly number[]) => areaUnderRoc(scores, labels);
  const columns: Record<string, (record: RunRecord) => number> = {
    AUC: (record) => auc(scoresOf(record, split)),
    'AUC, angular': (record) => auc(record[split]?.angular ?? []),
    'AUC, relative': (record) => auc(record[split]?.relative ?? []),
    AUPRC: (record) => averagePrecision(scoresOf(record, split), labels),
    'AUC within texture quartiles': (record) =>
      areaUnderRocWithin(scoresOf(record, split), labels, strata).estimate,
    'best epoch': (record) => record.bestEpoch,
  };
  const rows = namesOf(records).map((name) => {
    const runs = records.filter((record) => record.name === name);
    return [name, ...Object.values(columns).map((column) => meanAndSpread(runs.map(column)))];
  });
  return markdown(['variant', ...Object.keys(columns)], rows);
}

/** Full method against every other variant and against one floor. */
export function gainTable(
  records: readonly RunRecord[],
  split: Split,
  labels: Labels,
  floor: Floor,
): string {
  const [full, ...others] = namesOf(records);
  const scoresBySeed = (name: string) =>
    records.filter((record) => record.name === name).map((record) => scoresOf(record, split));
  const meanAuc = (scores: readonly ArrayLike<number>[], drawn: Int32Array) =>
    scores.reduce((sum, one) => sum + areaUnderRoc(pick(one, drawn), pick(labels, drawn)), 0) /
    scores.length;
  const gain = (rival: readonly ArrayLike<number>[]) => {
    const { estimate, lower, upper } = bootstrapInterval(
      (drawn) => meanAuc(scoresBySeed(full), drawn) - meanAuc(rival, drawn),
      Array.from(labels),
      { replicates: 1000 },
    );
    return `${signed(estimate)} [${signed(lower)}, ${signed(upper)}]`;
  };
  const rows = [
    [floor.name, gain([floor.scores])],
    ...others.map((name) => [name, gain(scoresBySeed(name))]),
  ];
  return markdown(['against', 'gain in AUC'], rows);
}

/** A row a floor. */
export function floorTable(
  floors: readonly Floor[],
  labels: Labels,
  strata: ArrayLike<number>,
): string {
  const rows = floors.map((floor) => [
    floor.name,
    interval(floor.areaUnderRoc),
    interval(floor.averagePrecision),
    areaUnderRocWithin(floor.scores, labels, strata).estimate.toFixed(3),
    String(floor.distinctScores),
  ]);
  return markdown(
    ['floor', 'AUC', 'AUPRC', 'AUC within texture quartiles', 'distinct scores'],
    rows,
  );
}

/** Validation AUC and the fall of the latent loss by latentWeight. */
export function sweepTable(records: readonly RunRecord[], full: string, labels: Labels): string {
  const rows: string[][] = [];
  for (const ratio of [...new Set(records.map((record) => record.anomalyRatio))]) {
    for (const name of [
      'latentWeight x 0',
      'latentWeight x 0.3',
      full,
      'latentWeight x 3',
      'latentWeight x 10',
    ]) {
      const runs = records.filter(
        (record) => record.name === name && record.anomalyRatio === ratio,
      );
      if (runs.length === 0) continue;
      const latent = (epoch: number) =>
        meanAndSpread(runs.map(({ history }) => history.at(epoch)?.latent ?? Number.NaN));
      const auc = (method: 'angular' | 'relative') =>
        meanAndSpread(runs.map(({ validation }) => areaUnderRoc(validation[method], labels)));
      const label = name === full ? 'x 1' : name.replace('latentWeight ', '');
      rows.push([`${ratio * 100}%`, label, auc('angular'), auc('relative'), latent(0), latent(-1)]);
    }
  }
  return markdown(
    [
      'known anomalies',
      'latentWeight',
      'AUC, angular',
      'AUC, relative',
      'latent loss, mean of the first epoch (nats)',
      'mean of the last epoch',
    ],
    rows,
  );
}

function namesOf(records: readonly RunRecord[]): string[] {
  return [...new Set(records.map(({ name }) => name))];
}

function interval({
  estimate,
  lower,
  upper,
}: {
  estimate: number;
  lower: number;
  upper: number;
}): string {
  return `${estimate.toFixed(3)} [${lower.toFixed(3)}, ${upper.toFixed(3)}]`;
}

function signed(value: number): string {
  return `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(3)}`;
}

function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}
