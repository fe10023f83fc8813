/**
 * Lets timers, signals and rendering of the host have their turn.
 *
 * Not `tf.nextFrame`: in a browser that waits for a frame, and a hidden tab draws none.
 */
export function yieldToHost(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') setImmediate(resolve);
    else setTimeout(resolve, 0);
  });
}
