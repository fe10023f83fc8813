import { imagesText } from '../images/problems.js';
import type { SaladWarning } from '../support/warning.js';
import { className } from './class-folders.js';

/**
 * What was understood of a folder of images. All but `toText` is JSON.
 *
 * @example
 * const films = await folderSource('films');
 * console.log(films.summary.toText());
 */
export interface FolderSummary {
  /** How many images there are. */
  readonly images: number;
  /** How many images each class has. */
  readonly classes: Readonly<Record<'normal' | 'abnormal' | 'unlabelled', number>>;
  /** The same for each part of a split that folders name: 'train', 'validation', 'test'; {} where they name none. */
  readonly parts: Readonly<Record<string, FolderSummary['classes']>>;
  /** The folders that gave labels, by path; empty where none did. */
  readonly folders: readonly {
    /** Its path. */
    readonly folder: string;
    /** Of its images. */
    readonly label: 0 | 1;
    /** How many images it has. */
    readonly images: number;
    /** The folder of normal images that it lies beside, where that alone says that it is abnormal; else absent. */
    readonly beside?: string;
  }[];
  /** Sizes and depths of a few images by the headers of their files; empty where no header was read, as in a page. */
  readonly headers: readonly {
    /** In pixels, as stored. */
    readonly height: number;
    /** In pixels, as stored. */
    readonly width: number;
    /** Of a pixel and channel, in use. */
    readonly bits: number;
    /** How many of the images are like this. */
    readonly images: number;
  }[];
  /** What is doubtful. */
  readonly warnings: readonly SaladWarning[];
  /**
   * Writes the summary to be read by people.
   *
   * @returns a line with the images of each class, one for each part, folder, and kind of header, and the warnings
   */
  toText(): string;
}

/** What is counted: images with what their folders say. */
interface Counted {
  readonly label?: 0 | 1;
  readonly part?: string;
  readonly folder?: string;
  readonly beside?: string;
}

/** Counts images. */
export function folderSummary(
  images: readonly Counted[],
  warnings: readonly SaladWarning[],
): FolderSummary {
  const parts = new Set(images.map(({ part }) => part).filter((part) => part !== undefined));
  const folders = new Map<string, FolderSummary['folders'][number]>();
  for (const image of images) {
    const { folder, label, beside } = image;
    if (folder === undefined || label === undefined) continue;
    const before = folders.get(folder)?.images ?? 0;
    folders.set(folder, { folder, label, images: before + 1, ...(beside && { beside }) });
  }
  return withText({
    images: images.length,
    classes: classesOf(images),
    parts: Object.fromEntries(
      Array.from(parts, (name) => [name, classesOf(images.filter(({ part }) => part === name))]),
    ),
    folders: [...folders.values()],
    headers: [],
    warnings,
  });
}

/** A summary with the text that its facts give. */
export function withText(facts: Omit<FolderSummary, 'toText'>): FolderSummary {
  return { ...facts, toText: () => textOf(facts) };
}

function classesOf(images: readonly Counted[]): FolderSummary['classes'] {
  const classes = { normal: 0, abnormal: 0, unlabelled: 0 };
  for (const { label } of images) classes[className(label)] += 1;
  return classes;
}

function textOf(summary: Omit<FolderSummary, 'toText'>): string {
  const { images, classes, parts, folders, headers, warnings } = summary;
  return [
    `${imagesText(images)}: ${inWords(classes)}`,
    ...Object.entries(parts).map(([part, of]) => `  ${part}: ${inWords(of)}`),
    ...(Object.keys(parts).length > 1
      ? ["  these parts are taken together; 'part' chooses one"]
      : []),
    ...folders.slice(0, 20).map(({ folder, label, images: count, beside }) => {
      const why = beside ? ` (since it lies beside '${beside}')` : '';
      return `  folder '${folder}': ${count} ${className(label)}${why}`;
    }),
    ...(folders.length > 20 ? [`  and ${folders.length - 20} more folders`] : []),
    ...headers.map(
      ({ height, width, bits, images: count }) =>
        `  ${count} ${count === 1 ? 'file' : 'files'} looked at: ${height} x ${width} pixels of ${bits} bits`,
    ),
    ...warnings.map(({ code, message }) => `  ${code}: ${message}`),
  ].join('\n');
}

function inWords(classes: FolderSummary['classes']): string {
  const counts = Object.entries(classes).filter(([, count]) => count > 0);
  return counts.map(([name, count]) => `${count} ${name}`).join(', ');
}
