import type { ImageSource } from '../../images/image-source.js';
import type { DetectorFitOptions, FitEpoch, FitHistory } from '../../learning/detector.js';
import type { SaladModel } from '../../model/salad-model.js';
import { namingCall } from '../../support/errors.js';
import { type SaladWarning, warningOf } from '../../support/warning.js';

/** What is said of the threshold of a single model, which the sum does not go by. */
const OF_ITS_THRESHOLD = ['FEW_VALIDATION_NORMALS', 'THRESHOLD_OF_NO_USE'];

/** Whether a model has a bank: an untrained one has no rows, also one that never has epochs. */
export function isFitted({ discard }: SaladModel): boolean {
  return discard.length > 0;
}

/** Fits those of the models that are not fitted yet, one after the other. */
export async function fitModels(
  where: string,
  models: Readonly<Record<string, SaladModel>>,
  train: ImageSource,
  { onWarning, callbacks, ...run }: DetectorFitOptions,
): Promise<FitHistory> {
  const told = new Set<string>();
  const ofModels =
    onWarning &&
    ((warning: SaladWarning) => {
      // Models that look at the same images have the same to say of them.
      if (OF_ITS_THRESHOLD.includes(warning.code) || told.has(warning.message)) return;
      told.add(warning.message);
      onWarning(warningOf(where, warning));
    });
  const onEpochEnd = callbacks?.onEpochEnd?.bind(callbacks);
  const epochs: FitEpoch[] = [];
  let stopped = false;
  for (const model of Object.values(models)) {
    if (isFitted(model)) continue;
    const options = {
      ...run,
      onWarning: ofModels,
      ...(onEpochEnd && { callbacks: { onEpochEnd } }),
    };
    const history = await namingCall(where, () => model.fit(train, options));
    epochs.push(...history.epochs);
    stopped ||= history.stopped;
  }
  return { epochs, stopped };
}
