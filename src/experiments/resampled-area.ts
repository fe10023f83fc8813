/**
 * Area under the ROC curve of any resample of one set, sorted once: an image drawn twice counts twice.
 *
 * AUC = sum of wins / sum of pairs, over pairs of one stratum; a tie is half a win.
 *
 * @param scores [count], finite.
 * @param labels [count], 0 or 1.
 * @param strata [count], or none: then all images are of one.
 * @returns of how often each image was drawn, the area; NaN where no stratum holds both classes.
 */
export function resampledArea(
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  strata?: ArrayLike<string | number>,
): (drawn: ArrayLike<number>) => number {
  const names = strata && [...new Set(Array.from(strata))];
  const stratumOf = Int32Array.from(scores, (_, i) => names?.indexOf(strata?.[i] as never) ?? 0);
  const order = Int32Array.from(scores, (_, i) => i).sort(
    (i, j) => stratumOf[i] - stratumOf[j] || scores[i] - scores[j],
  );
  return (drawn) => {
    let [wins, pairs, below, anomalies] = [0, 0, 0, 0];
    for (let first = 0; first < order.length; ) {
      const image = order[first];
      let [normalTies, anomalousTies] = [0, 0];
      let next = first;
      for (; next < order.length; next++) {
        const other = order[next];
        if (scores[other] !== scores[image] || stratumOf[other] !== stratumOf[image]) break;
        if (labels[other] === 1) anomalousTies += drawn[other];
        else normalTies += drawn[other];
      }
      wins += anomalousTies * (below + normalTies / 2);
      below += normalTies;
      anomalies += anomalousTies;
      const ends = next === order.length || stratumOf[order[next]] !== stratumOf[image];
      if (ends) {
        pairs += below * anomalies;
        [below, anomalies] = [0, 0];
      }
      first = next;
    }
    return wins / pairs;
  };
}
