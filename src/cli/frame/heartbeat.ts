import { Worker } from 'node:worker_threads';

/** A thread of its own: the main one may be at work for minutes. */
const RENEWING = `
const { closeSync, openSync, readFileSync, writeSync } = require('node:fs');
const { parentPort, workerData } = require('node:worker_threads');
const { lock, text, every } = workerData;
setInterval(() => {
  try {
    const file = openSync(lock, 'r+');
    try {
      if (readFileSync(file, 'utf8') !== text) parentPort.postMessage('lost');
      // Not by the clock of this machine but by that of the file system.
      else writeSync(file, text, 0);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (error.code === 'ENOENT') parentPort.postMessage('lost');
  }
}, every);
`;

/**
 * Writes the same text into a lock again and again, so that others see that this process lives; it keeps no process alive.
 *
 * @param onTrouble told where the thread cannot begin, or has ended: nobody renews the lock then
 */
export function heartbeat(
  lock: string,
  text: string,
  every: number,
  onTrouble: (error: Error) => void,
): { lost(): boolean; end(): Promise<unknown> } {
  let lost = false;
  let thread: Worker | undefined;
  try {
    const workerData = { lock, text, every };
    thread = new Worker(RENEWING, { eval: true, execArgv: [], workerData });
    thread.unref();
    thread.on('message', () => {
      lost = true;
    });
    thread.on('error', onTrouble);
  } catch (error) {
    onTrouble(error as Error);
  }
  return { lost: () => lost, end: () => Promise.resolve(thread?.terminate()) };
}
