import type { ImageSource } from '../images/image-source.js';
import type { ImageProblem } from '../images/problems.js';

/** A problem, and what became of the file, such as 'moved to a.png'. */
export type QuarantinedProblem = ImageProblem & { readonly action: string };

/**
 * The source, each image that it skips put aside when it is met first. While it cannot be read, the reason
 * stays that of the first time, not that its file is gone since.
 *
 * @param source one that skips what cannot be read
 */
export function quarantining(
  source: ImageSource,
  putAside: (problem: ImageProblem) => Promise<string>,
  onProblem?: (problem: QuarantinedProblem) => void,
): ImageSource {
  const met = new Map<number, Promise<QuarantinedProblem>>();
  const meet = async (problem: ImageProblem) => ({ ...problem, action: await putAside(problem) });
  return {
    ...source,
    async read(indices, caller) {
      const batch = await source.read(indices, caller);
      if (!batch.problems) return batch;
      const problems = batch.problems.map(async (now) => {
        const first = met.get(now.index) ?? meet(now);
        met.set(now.index, first);
        const { action, ...problem } = await first;
        onProblem?.({ ...problem, action });
        return problem;
      });
      return { ...batch, problems: await Promise.all(problems) };
    },
  };
}
