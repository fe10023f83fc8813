import { Worker } from 'node:worker_threads';

/** A thread of its own: the main one may be at work for minutes. */
const RENEWING = `
const { closeSync, openSync, readFileSync, writeSync } = require('node:fs');
const { parentPort, workerData } = require('node:worker_threads');
const { lock, text, every } = workerData;
setInterval(() => {
  let file;
  try {
    file = openSync(lock, 'r+');
    if (readFileSync(file, 'utf8') !== text) parentPort.postMessage('lost');
    // Not by the clock of this machine but by that of the file system.
    else writeSync(file, text, 0);
  } catch (error) {
    if (error.code === 'ENOENT') parentPort.postMessage('lost');
  } finally {
    if (file !== undefined) closeSync(file);
  }
}, every);
`;

/** Writes the same text into a lock again and again, so that others see that this process lives; it keeps no process alive. */
export function heartbeat(
  lock: string,
  text: string,
  every: number,
): { lost(): boolean; end(): Promise<unknown> } {
  let lost = false;
  const workerData = { lock, text, every };
  const thread = new Worker(RENEWING, { eval: true, execArgv: [], workerData });
  thread.unref();
  thread.on('message', () => {
    lost = true;
  });
  return { lost: () => lost, end: () => thread.terminate() };
}
