import type { Progress } from '../support/progress.js';
import type { EpochLog } from './history.js';

/** The log of an epoch as a line for people. */
export function epochText(log: EpochLog & Progress): string {
  const { epoch, total, secondsLeft } = log;
  const of = String(total);
  return [
    `epoch ${String(epoch + 1).padStart(of.length)}/${of}`,
    `round ${log.round}`,
    `loss ${log.loss.toFixed(3)}`,
    `reconstruction ${log.reconstruction?.toFixed(4) ?? 'off'}`,
    `latent ${log.latent?.toFixed(2) ?? 'off'}`,
    `anchors ${String(log.anchors).padStart(4)}`,
    `validation AUC ${log.validationAuc?.toFixed(3) ?? '-'}`,
    `${Math.ceil(secondsLeft)} s left`,
  ].join('  ');
}
