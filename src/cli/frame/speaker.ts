import type { Progress } from 'salad-ad';
import type { Speaker } from './command.js';
import { exitCodes } from './exit-codes.js';
import { onTheLine } from './failure.js';

/** Milliseconds between two lines of progress. */
const PAUSE = { terminal: 100, pipe: 5000 } as const;

/**
 * Speaks to a person where the standard error is a terminal: one line of progress that is written over. Anywhere else, in JSON, a line
 * for each event.
 */
export function speaker(signal: AbortSignal, quiet: boolean): Speaker & { end(): void } {
  const { stdout, stderr } = process;
  // What reads the results may have enough of them, as `head` does; the work goes on, for it may have other results.
  let deaf = false;
  let ends = false;
  const leave = () => {
    if (ends && deaf) process.exit(exitCodes.done);
  };
  stdout.removeAllListeners('error').on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') process.exit(exitCodes.failed);
    deaf = true;
    leave();
  });
  stderr.removeAllListeners('error').on('error', () => {});
  const terminal = stderr.isTTY === true;
  const warned = new Set<string>();
  let shown = '';
  let last = Number.NEGATIVE_INFINITY;
  const wipe = () => {
    if (shown) stderr.write(`\r${' '.repeat(shown.length)}\r`);
    shown = '';
  };
  const event = (name: string, facts: object) =>
    stderr.write(`${JSON.stringify({ event: name, ...facts })}\n`);
  const line = (name: string, facts: { readonly message: string; readonly code?: string }) => {
    wipe();
    if (terminal) stderr.write(`${facts.message}\n`);
    else event(name, facts);
  };
  return {
    signal,
    print(text) {
      if (stdout.isTTY) wipe();
      if (!deaf) stdout.write(text.endsWith('\n') ? text : `${text}\n`);
    },
    endWithReader() {
      ends = true;
      leave();
    },
    note(message) {
      if (!quiet) line('note', { message });
    },
    warning({ code, message }) {
      if (warned.has(code)) return;
      warned.add(code);
      const text = onTheLine(message);
      line('warning', terminal ? { message: `${code}: ${text}` } : { code, message: text });
    },
    progress(what, { done, total, secondsLeft }, more = {}) {
      const progress = { done, total, secondsLeft };
      const now = performance.now();
      const pause = terminal ? PAUSE.terminal : PAUSE.pipe;
      if (quiet || (now - last < pause && progress.done < progress.total)) return;
      last = now;
      if (!terminal) return void event('progress', { what, ...progress, ...more });
      wipe();
      shown = progressText(what, progress, more).slice(0, (stderr.columns || 80) - 1);
      stderr.write(shown);
      if (progress.done >= progress.total) {
        stderr.write('\n');
        shown = '';
      }
    },
    end: wipe,
  };
}

function progressText(
  what: string,
  { done, total, secondsLeft }: Progress,
  more: Readonly<Record<string, unknown>>,
): string {
  const facts = Object.entries(more)
    .filter(([, value]) => value !== undefined)
    .map(
      ([name, value]) => `, ${inWords(name)} ${typeof value === 'number' ? short(value) : value}`,
    );
  const left =
    done < total && Number.isFinite(secondsLeft) ? `, ${duration(secondsLeft)} left` : '';
  return `${done} of ${total} ${what}${facts.join('')}${left}`;
}

/** 'imagesPerSecond' and 'validationAuc' as people write them. */
const inWords = (name: string) =>
  name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).replace(/\bauc\b/, 'AUC');

const short = (value: number) => String(Number(value.toPrecision(4)));

/** A time for people. */
export function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
