import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { concatSources, type ImageSource, npzSource, RandomStream, subset } from 'salad-ad/data';
import type { ExperimentData } from 'salad-ad/experiments';
import { resized } from './resized.js';

/** MedMNIST's training part, and its validation part halved by class; patients are not known. */
export async function pneumoniaMnist(
  root: string | undefined,
  size: number,
): Promise<ExperimentData> {
  if (!root) throw new Error('pneumoniamnist needs SALAD_AD_DATA');
  const bytes = new Uint8Array(
    await readFile(join(root, 'pneumoniamnist/pneumoniamnist_trainval.npz')),
  );
  const train = await resized(npzSource(bytes, { split: 'train' }), size);
  const rest = await resized(npzSource(bytes, { split: 'val' }), size);
  const halves: [number[], number[]] = [[], []];
  for (const label of [0, 1])
    shuffled(rest, label, new RandomStream(0, ['pneumoniamnist', label])).forEach((row, i) => {
      halves[i % 2].push(row);
    });
  // A few films are there twice at this size.
  const kept = subset(train, await rowsNotIn(train, rest));
  return { train: kept, validation: subset(rest, halves[0]), test: subset(rest, halves[1]) };
}

/** Of each class. */
const HELD_OUT = 200;
const TO_CHOOSE_BY = 70;

/**
 * Training and validation images of `pneumoniaMnist` divided anew at random; its test images take no part. Films of one patient may
 * be in several parts, since nobody says whose they are.
 */
export async function pneumoniaMnistAgain(
  root: string | undefined,
  size: number,
  seed: number,
): Promise<ExperimentData> {
  const { train, validation } = await pneumoniaMnist(root, size);
  const all = concatSources(train, validation);
  const source = subset(all, await rowsOnce(all));
  const parts = { train: [] as number[], validation: [] as number[], test: [] as number[] };
  for (const label of [0, 1]) {
    const rows = shuffled(
      source,
      label,
      new RandomStream(seed, ['pneumoniamnist', 'again', label]),
    );
    parts.test.push(...rows.slice(0, HELD_OUT));
    parts.validation.push(...rows.slice(HELD_OUT, HELD_OUT + TO_CHOOSE_BY));
    parts.train.push(...rows.slice(HELD_OUT + TO_CHOOSE_BY));
  }
  const part = (rows: readonly number[]) => subset(source, rows);
  return {
    train: part(parts.train),
    validation: part(parts.validation),
    test: part(parts.test),
  };
}

/** The rows of a class, in an order that was drawn. */
function shuffled({ labels = [] }: ImageSource, label: number, random: RandomStream): number[] {
  const rows = Array.from(labels).flatMap((one, i) => (one === label ? [i] : []));
  return Array.from(random.permutation(rows.length), (at) => rows[at]);
}

async function rowsNotIn(source: ImageSource, others: ImageSource): Promise<number[]> {
  const there = new Set(await textsOf(others));
  return (await textsOf(source)).flatMap((text, i) => (there.has(text) ? [] : [i]));
}

/** The first of equal images. */
async function rowsOnce(source: ImageSource): Promise<number[]> {
  const texts = await textsOf(source);
  const first = new Map<string, number>();
  texts.forEach((text, i) => {
    if (!first.has(text)) first.set(text, i);
  });
  return [...first.values()];
}

/** Equal for equal images. */
async function textsOf(source: ImageSource): Promise<string[]> {
  const texts: string[] = [];
  for (let i = 0; i < source.length; i++) texts.push(String((await source.read([i])).pixels));
  return texts;
}
