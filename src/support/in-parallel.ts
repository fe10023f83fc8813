/**
 * Does numbered jobs in their order, at most `concurrency` at once.
 *
 * The first failure begins no further job. The promise settles when every job that was begun has ended, so that nothing
 * happens after it.
 *
 * @param concurrency jobs that are under way at once
 * @param jobs from number `first` up to, not including, `end`
 * @example
 * await inParallel(4, { end: urls.length }, async (i) => void pages.set(i, await fetchPage(urls[i])));
 */
export async function inParallel(
  concurrency: number,
  { first = 0, end }: { readonly first?: number; readonly end: number },
  job: (index: number) => Promise<void>,
): Promise<void> {
  let next = first;
  let failed = false;
  const worker = async () => {
    while (next < end && !failed) {
      try {
        await job(next++);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const workers = Array.from({ length: concurrency }, worker);
  // Where several fail, the first to fail is thrown.
  await Promise.all(workers).finally(() => Promise.allSettled(workers));
}
