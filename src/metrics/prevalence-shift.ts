import { check, checkKnownOptions } from '../support/check.js';
import { checkProbabilities } from './probabilities.js';

/**
 * Probabilities that were right at one prevalence, made right at another.
 *
 * odds' = odds * (to / (1 - to)) / (from / (1 - from)): Bayes' rule, for when anomalies become rarer
 * or commoner but look as they did. A calibration fitted on a set with as many anomalous as normal
 * images overstates every probability where anomalies are rare.
 *
 * @param probabilities [count], in [0, 1].
 * @param prevalence `from`: the share of anomalous images that the probabilities were fitted to; `to`: the
 * share where they will be used; both in (0, 1).
 * @returns [count], in [0, 1]; 0 and 1 stay.
 * @throws NOT_FINITE, INVALID_OPTION, UNKNOWN_OPTION
 * @see Saerens et al., Neural Computation 2002.
 * @example
 * calibrate.toPrevalence([0.5, 0.9], { from: 0.5, to: 0.1 }); // 0.1, 0.5
 */
export function probabilitiesAtPrevalence(
  probabilities: ArrayLike<number>,
  prevalence: { readonly from: number; readonly to: number },
): Float64Array {
  const where = 'calibrate.toPrevalence';
  checkKnownOptions(where, prevalence, { from: true, to: true });
  const { from, to } = prevalence;
  checkPrevalence(where, 'from', from);
  checkPrevalence(where, 'to', to);
  checkProbabilities(where, probabilities);
  return Float64Array.from(probabilities, (probability) => {
    const anomalous = (probability * to) / from;
    const normal = ((1 - probability) * (1 - to)) / (1 - from);
    return anomalous / (anomalous + normal);
  });
}

/** A prevalence lies strictly between 0 and 1. */
export function checkPrevalence(where: string, name: string, prevalence: number): void {
  check(
    prevalence > 0 && prevalence < 1,
    'INVALID_OPTION',
    () => `${where}: ${name} is ${prevalence}; expected a share between 0 and 1, 0.05 say.`,
    { name, prevalence },
  );
}
