/** Milliseconds between two looks. */
const INTERVAL = 50;

/** Looks at the resident size of this process until it is told to stop, and gives the largest, in bytes. */
export function watchMemory(): () => number {
  let peak = process.memoryUsage.rss();
  const look = () => {
    peak = Math.max(peak, process.memoryUsage.rss());
  };
  const timer = setInterval(look, INTERVAL);
  timer.unref();
  return () => {
    clearInterval(timer);
    look();
    return peak;
  };
}
