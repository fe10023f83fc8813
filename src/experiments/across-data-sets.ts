import { hostTurns } from '../support/host.js';
import { paceOf } from '../support/pace.js';
import { type AcrossCell, measured } from './across-cell.js';
import {
  type AcrossFit,
  type AcrossWork,
  type FittedAcross,
  fitAcross,
  mayJudge,
} from './across-fit.js';
import { type AcrossOptions, checkedAcross } from './across-options.js';
import type { ExperimentConfig } from './config.js';
import { type OpenedData, openData } from './experiment-data.js';
import { registeredFor } from './registered.js';
import { codeOf } from './run-record.js';

const where = 'acrossDataSets';

/**
 * Another hospital: every detector learns from one data set and judges the images of every other. Says what is left there of the
 * area under the ROC curve and of the false alarms that its threshold promises, and what a few local normals mend.
 *
 * At home normals of the validation part set the threshold, as `model.calibrate` does. Elsewhere m normals set it again, drawn
 * from those parts of the other set that are not judged (train for `judged: 'validation'`, train and validation for 'test').
 * A `SaladModel` is also told of m local normals by `model.extend(normals, { calibrate: true })`, three draws of them.
 * Fits are label-free: the weights of the last epoch, no validation image seen.
 *
 * Research software: no threshold holds at a hospital until normal images from there have shown it.
 *
 * @param config as `runExperiment` takes it; `settings` of detectors are not used
 * @param options `dataSets`; the others have defaults
 * @returns a cell for each set to learn from, share of known anomalies, detector and set to judge, in this order
 * @throws INVALID_OPTION also for a data set or kind that is not registered, and for choices other than 'labelFree'; TEST_SELECTION for a
 * config that chooses by test images; PATIENT_OVERLAP, IMAGE_OVERLAP where the parts of a set are not apart; UNKNOWN_OPTION,
 * LABELS_MISMATCH, NO_LABELS, EMPTY_SET, SHAPE_MISMATCH, NOT_FINITE, INVALID_IMAGES, INVALID_RECORDS, IMAGE_UNREADABLE for data sets that are not as
 * `ExperimentData` says; the reason of `signal`. A fit that fails is no error: its cells say so in `missing`
 * @example
 * const cells = await acrossDataSets(config, { dataSets: { children: openChildren, adults: openAdults } });
 * await writeFile('another-hospital.md', acrossTable(cells));
 */
export async function acrossDataSets(
  config: ExperimentConfig,
  options: AcrossOptions,
): Promise<readonly AcrossCell[]> {
  const plan = checkedAcross(where, config, options);
  const { signal, onProgress } = options;
  const factoryOf = registeredFor(where, config, options);
  const { dataSets, anomalies, detectors, seeds } = config;
  const opened: Record<string, OpenedData> = {};
  for (const name of dataSets)
    opened[name] = await openData(where, name, options.dataSets[name], signal);
  const work: AcrossWork = { config, opened, plan, factoryOf, signal };
  const fits = dataSets.flatMap((home) =>
    anomalies.flatMap((share) =>
      detectors
        .filter(({ knownAnomalies }) => knownAnomalies !== 'needed' || share.ratio > 0)
        .map((detector) => ({ home, share, detector })),
    ),
  );
  const progress = paceOf(fits.length * seeds.length);
  const giveHostItsTurn = hostTurns(signal);
  const cells: AcrossCell[] = [];
  let done = 0;
  for (const fit of fits) {
    const fitted: FittedAcross[] = [];
    const failures: string[] = [];
    for (const seed of seeds) {
      try {
        fitted.push(await fitAcross(where, work, fit, seed));
      } catch (error) {
        signal?.throwIfAborted();
        const message = error instanceof Error ? error.message : String(error);
        failures.push(`seed ${seed} failed: ${codeOf(error)}, ${message}`);
      }
      done += 1;
      const { home: trainedOn, detector } = fit;
      onProgress?.({ ...progress(done), trainedOn, detector: detector.name, seed });
    }
    for (const name of dataSets) {
      await giveHostItsTurn();
      cells.push(cellOf(work, fit, name, fitted, failures));
    }
  }
  return cells;
}

function cellOf(
  { opened, plan }: AcrossWork,
  { home, detector, share }: AcrossFit,
  name: string,
  fitted: readonly FittedAcross[],
  failures: readonly string[],
): AcrossCell {
  const { [plan.judged]: images, records } = opened[name];
  const labels = Array.from(images.labels ?? [], Number);
  const abnormal = labels.filter((label) => label === 1).length;
  const place = {
    trainedOn: home,
    judgedOn: name,
    detector: detector.name,
    anomalies: share,
    normal: labels.length - abnormal,
    abnormal,
  };
  const nothing = { ...place, seeds: [], areas: [], recalibrated: [] };
  if (!mayJudge(plan, home, name)) return { ...nothing, missing: 'the sets share films' };
  if (fitted.length === 0) return { ...nothing, missing: failures.join('; ') };
  const setItself = home === name && plan.judged === 'validation';
  const patients = records[plan.judged].flatMap(({ patient }) => patient ?? []);
  const extended = fitted.flatMap(({ bySet }) => {
    const { extended: own } = bySet[name];
    return own ? [own] : [];
  });
  const found = measured(
    {
      scores: fitted.map(({ bySet }) => bySet[name].judged),
      ...(!setItself && { thresholds: fitted.map(({ threshold }) => threshold) }),
      labels,
      ...(patients.length === labels.length && { patients }),
      local: fitted.map(({ bySet }) => bySet[name].local),
      ...(extended.length > 0 && { extended }),
    },
    plan,
  );
  const missing = [
    ...failures,
    ...(setItself ? ['false alarms, since these images set the threshold'] : []),
  ];
  const seeds = fitted.map(({ seed }) => seed);
  return { ...place, seeds, ...found, ...(missing.length > 0 && { missing: missing.join('; ') }) };
}
