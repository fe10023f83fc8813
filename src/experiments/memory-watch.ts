/** Milliseconds between two readings. */
const INTERVAL = 50;

/** Reads the resident size of this process until the returned function is called, which returns the largest, in bytes. */
export function watchMemory(): () => number {
  let peak = process.memoryUsage.rss();
  const read = () => {
    peak = Math.max(peak, process.memoryUsage.rss());
  };
  const timer = setInterval(read, INTERVAL);
  timer.unref();
  return () => {
    clearInterval(timer);
    read();
    return peak;
  };
}
