/**
 * Lets timers, signals and rendering of the host have their turn.
 *
 * Not `tf.nextFrame`: in a browser that waits for a frame, and a hidden tab draws none. Not `setTimeout` where there is another
 * way: after a few of them in a row, browsers make each wait 4 ms.
 */
function yieldToHost(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') setImmediate(resolve);
    else if (typeof MessageChannel === 'function') {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(null);
    } else setTimeout(resolve, 0);
  });
}

/** Milliseconds of work after which the host gets its turn; with the piece of work that is under way then, below 50. */
const TURN = 20;

/**
 * For long work: await what is returned between two pieces of it, and timers and signals of the host have their turn in time.
 * The first call gives it at once, for nobody knows how long the work before was.
 *
 * @param signal ends the work, by its reason, at the first call after its abort.
 */
export function hostTurns(signal?: AbortSignal): () => Promise<void> {
  let began = Number.NEGATIVE_INFINITY;
  // Shared by work that goes on side by side: what went on without a break would get ahead of the rest.
  let turn: Promise<void> | undefined;
  return async () => {
    signal?.throwIfAborted();
    if (!turn && performance.now() - began <= TURN) return;
    turn ??= yieldToHost().then(() => {
      began = performance.now();
      turn = undefined;
    });
    await turn;
    signal?.throwIfAborted();
  };
}
