import type { ImageProblem } from '../data/problem-report.js';
import type { ImageSource } from '../images/image-source.js';
import type { UnreadableReason } from '../images/pixels.js';
import { toUnreadable, unreadableOf } from '../images/unreadable.js';

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
  const { ids } = source;
  const met = new Map<number, Promise<{ reason: UnreadableReason; action: string }>>();
  const meet = async (index: number, reason: UnreadableReason) => ({
    reason,
    action: await putAside({ index, id: ids[index], ...reason }),
  });
  return {
    ...source,
    async read(indices) {
      const batch = await source.read(indices);
      const found = await Promise.all(
        unreadableOf(batch).map(async ({ position, reason: now }) => {
          const index = indices[position];
          const first = met.get(index) ?? meet(index, now);
          met.set(index, first);
          const { reason, action } = await first;
          onProblem?.({ index, id: ids[index], ...reason, action });
          return { position, reason };
        }),
      );
      return { ...batch, ...toUnreadable(found) };
    },
  };
}
