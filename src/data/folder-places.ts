import type { Part } from './class-words.js';
import { folderName, normalName, saysAbnormal } from './folder-names.js';

/** A folder on the way to images that is more than a part of a split. */
export interface Step {
  readonly name: string;
  readonly words: string;
  readonly label?: 0 | 1;
  /** From the root on. */
  readonly folder: string;
  /** The same without the parts of a split, so that folders of all parts count as siblings. */
  readonly place: string;
}

/** What lies in one place, in any part of a split. */
export class Siblings {
  /** Folders of normal images, by the name that each spells. */
  readonly normal = new Map<string, Step>();
  /** Whether a name says no more than that its images are abnormal. */
  saysAbnormal = false;
  /** Folders of no known class. */
  readonly open = new Set<string>();
  /** Their numbers, by their words: 'grade1' and 'grade2' are one name with two numbers. */
  readonly numbers = new Map<string, Set<string>>();

  add(step: Step): void {
    const { name, words, label, place } = step;
    const normal = normalName(words);
    if (normal && !this.normal.has(normal)) this.normal.set(normal, step);
    this.saysAbnormal ||= saysAbnormal(words);
    if (label !== undefined) return;
    this.open.add(place);
    const numbers = this.numbers.get(words) ?? new Set();
    this.numbers.set(words, numbers.add(name.match(/\d+/g)?.join() ?? ''));
  }
}

/** A folder as its steps. */
export interface Way {
  readonly steps: readonly Step[];
  readonly part?: Part;
}

/** The folders of a path, from the root on. */
export function wayOf(folder: string): Way {
  const names = folder === '' ? [] : folder.split('/');
  const steps: Step[] = [];
  const parts = new Set<Part>();
  names.forEach((name, level) => {
    const { words, label, part } = folderName(name);
    if (part) parts.add(part);
    if (part && words === '') return;
    steps.push({
      name,
      words,
      label,
      folder: names.slice(0, level + 1).join('/'),
      place: `${steps.at(-1)?.place ?? ''}/${name.toLowerCase()}`,
    });
  });
  const [part] = parts.size === 1 ? parts : [];
  return { steps, part };
}

/** What lies in each place. */
export function placesOf(ways: readonly Way[]): ReadonlyMap<string, Siblings> {
  const places = new Map<string, Siblings>();
  const seen = new Set<string>();
  for (const { steps } of ways)
    steps.forEach((step, depth) => {
      if (seen.has(step.folder)) return;
      seen.add(step.folder);
      const place = placeAbove(steps, depth);
      const siblings = places.get(place) ?? new Siblings();
      siblings.add(step);
      places.set(place, siblings);
    });
  return places;
}

/** Where a step lies. */
export function placeAbove(steps: readonly Step[], depth: number): string {
  return depth === 0 ? '' : steps[depth - 1].place;
}

/** A folder without those in it that are parts of a split and nothing else: 'set/train/NORMAL' is 'set/NORMAL'. */
export function withoutParts(folder: string): string {
  return wayOf(folder)
    .steps.map(({ name }) => name)
    .join('/');
}
