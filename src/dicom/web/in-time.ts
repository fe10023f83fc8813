import { PassingFailure } from './server-failure.js';

/**
 * Ends what takes longer, also where it does not heed its signal.
 *
 * @throws PassingFailure after that time; the reason of `ends` as soon as that is aborted
 */
export async function within<Result>(
  seconds: number,
  ends: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const { rung, stop } = timer(seconds, ends);
  const late = rung.then(() => {
    throw new PassingFailure(`the server took longer than ${seconds} s`);
  });
  try {
    return await Promise.race([work(controller.signal), late]);
  } catch (error) {
    controller.abort();
    throw error;
  } finally {
    stop();
  }
}

/** @throws the reason of `ends` as soon as that is aborted */
export async function pause(seconds: number, ends: AbortSignal | undefined): Promise<void> {
  const { rung, stop } = timer(seconds, ends);
  try {
    await rung;
  } finally {
    stop();
  }
}

function timer(seconds: number, ends: AbortSignal | undefined) {
  ends?.throwIfAborted();
  let stop = () => {};
  const rung = new Promise<void>((resolve, reject) => {
    const timeout = setTimeout(resolve, 1000 * seconds);
    const end = () => reject(ends?.reason);
    ends?.addEventListener('abort', end);
    stop = () => {
      clearTimeout(timeout);
      ends?.removeEventListener('abort', end);
    };
  });
  return { rung, stop };
}
