import { decode } from 'fast-png';
import { type Notebook, type Output, textOf } from './notebook.js';

const NUMBER = /[-+−]?\d+(?:\.\d+)?(?:e[-+]?\d+)?/gi;

/** Numbers may differ by 2% of the larger one, or by one in their last digit: processors round differently. */
const RELATIVE = 0.02;

/** Grey levels by which pictures may differ in the mean. */
const GREY_LEVELS = 2;

/**
 * What differs between the stored outputs of a notebook and those that its code gives now: a line for each output, none where all agree.
 * Texts are compared as they are and their numbers within a tolerance, pictures by their pixels.
 */
export function differences(stored: Notebook, run: Notebook): string[] {
  return stored.cells.flatMap((cell, at) => {
    const [before, now] = [cell.outputs ?? [], run.cells[at]?.outputs ?? []];
    if (before.length !== now.length)
      return [`cell ${cell.id}: ${before.length} outputs are stored, the code gives ${now.length}`];
    return before.flatMap((output, i) =>
      differenceOf(output, now[i]).map((what) => `cell ${cell.id}, output ${i + 1}: ${what}`),
    );
  });
}

function differenceOf(stored: Output, now: Output): string[] {
  const [before, after] = [partsOf(stored), partsOf(now)];
  const kinds = Object.keys(before).join(', ');
  if (kinds !== Object.keys(after).join(', '))
    return [`${kinds} is stored, the code gives ${Object.keys(after).join(', ')}`];
  return Object.entries(before).flatMap(([kind, text]) =>
    kind === 'image/png' ? pictures(text, after[kind]) : texts(text, after[kind]),
  );
}

/** What an output shows, by kind. */
const partsOf = (output: Output): Record<string, string> =>
  output.output_type === 'stream'
    ? { [output.name]: textOf(output.text) }
    : Object.fromEntries(Object.entries(output.data).map(([kind, value]) => [kind, textOf(value)]));

const EMBEDDED = /data:image\/png;base64,([A-Za-z0-9+/=]+)/g;

/** Texts in which pictures may be embedded. */
function texts(stored: string, now: string): string[] {
  const [before, after] = [stored, now].map((text) => [...text.matchAll(EMBEDDED)]);
  if (before.length !== after.length) return [`${before.length} pictures, now ${after.length}`];
  return [
    ...words(stored.replace(EMBEDDED, ''), now.replace(EMBEDDED, '')),
    ...before.flatMap(([, picture], i) => pictures(picture, after[i][1])),
  ];
}

function words(stored: string, now: string): string[] {
  const [before, after] = [stored, now].map((text) => text.split(NUMBER));
  const word = before.findIndex((text, i) => text !== after[i]);
  if (word >= 0 || before.length !== after.length)
    return [`'${excerpt(before[word])}' is stored, the code gives '${excerpt(after[word])}'`];
  const [numbers, others] = [stored, now].map((text) => text.match(NUMBER) ?? []);
  const far = numbers.findIndex((number, i) => !close(number, others[i]));
  if (far < 0) return [];
  return [`${numbers[far]} is stored behind '${excerpt(before[far])}', now it is ${others[far]}`];
}

const excerpt = (text = ''): string => text.slice(-60).trim();

function close(stored: string, now: string): boolean {
  const [a, b] = [stored, now].map((text) => Number(text.replace('−', '-')));
  const lastDigit = 10 ** -(/\.(\d+)/.exec(stored)?.[1].length ?? 0);
  const most = Math.max(RELATIVE * Math.max(Math.abs(a), Math.abs(b)), lastDigit);
  return Math.abs(a - b) <= most * (1 + 1e-9);
}

function pictures(stored: string, now: string): string[] {
  const [before, after] = [stored, now].map((text) => decode(Buffer.from(text, 'base64')));
  if (before.width !== after.width || before.height !== after.height)
    return [
      `a picture of ${before.width} x ${before.height} is stored, the code gives ${after.width} x ${after.height}`,
    ];
  let sum = 0;
  for (const [i, value] of before.data.entries()) sum += Math.abs(value - after.data[i]);
  const mean = sum / before.data.length;
  return mean <= GREY_LEVELS
    ? []
    : [`a picture differs by ${mean.toFixed(1)} grey levels in the mean`];
}
