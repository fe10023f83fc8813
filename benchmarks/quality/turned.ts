import type { ExperimentResults } from 'salad-ad/experiments';
import { areaUnderRoc } from 'salad-ad/metrics';

const ONE_NUMBER = ['meanIntensity', 'texture'];

/**
 * The same results with the baselines of one number turned where they reach less than .5, so that a detector is compared with as much
 * as the number can tell. The sign is taken from the judged images themselves: that favours the baseline.
 */
export function turned(results: ExperimentResults): ExperimentResults {
  const names = results.config.detectors
    .filter(({ kind }) => ONE_NUMBER.includes(kind))
    .map(({ name }) => name);
  const cells = results.cells.map((cell) => {
    const { run } = cell;
    if (!names.includes(cell.detector) || run?.status !== 'done') return cell;
    const { labels, scores } = run.test;
    if (areaUnderRoc(scores.score, labels) >= 0.5) return cell;
    const score = scores.score.map((value) => -value);
    return { ...cell, run: { ...run, test: { labels, scores: { ...scores, score } } } };
  });
  return { ...results, cells };
}
