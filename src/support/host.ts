/**
 * Lets timers, signals and rendering of the host have their turn.
 *
 * Not `tf.nextFrame`: in a browser that waits for a frame, and a hidden tab draws none.
 */
function yieldToHost(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') setImmediate(resolve);
    else setTimeout(resolve, 0);
  });
}

/** Milliseconds of work after which the host gets its turn. */
const TURN = 40;

/** For a long run: call what is returned between two steps, and timers and signals of the host have their turn in time. */
export function hostTurns(): () => Promise<void> {
  let began = performance.now();
  return async () => {
    if (performance.now() - began <= TURN) return;
    await yieldToHost();
    began = performance.now();
  };
}
