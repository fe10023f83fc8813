import type { ImageSource } from '../images/image-source.js';
import type { ImageProblem } from '../images/problems.js';

/** A problem, and what became of the file, such as 'moved to a.png'. */
export type QuarantinedProblem = ImageProblem & { readonly action: string };

/**
 * A source that puts the file of an image aside the first time that it skips the image. The reason
 * stays that of the first time; it does not become that the file is gone.
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
