import { byId } from './elements.js';

/** Told to people who read and to those who listen; what comes later takes its place. */
export function say(text: string): void {
  const status = byId('status');
  if (status.textContent !== text) status.textContent = text;
}

/** What went wrong and what to do; an empty text takes it away. */
export function warn(text: string): void {
  const alert = byId('alert');
  alert.textContent = text;
  alert.hidden = text === '';
}

/** What an error says to people. */
export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
