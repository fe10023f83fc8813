/**
 * Work of which no more than `most` goes on at a time; the rest waits its turn, first come first served.
 *
 * @example
 * const atMost = limit(4);
 * const pages = await Promise.all(urls.map((url) => atMost(() => fetchPage(url))));
 */
export function limit(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  let going = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    // Who ends hands its place to who waits longest, so `going` stays as it is between them.
    if (going < most) going++;
    else await new Promise<void>((go) => waiting.push(go));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else going--;
    }
  };
}
