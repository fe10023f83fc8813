/** What this project reads and writes of a notebook, of Jupyter's format 4.5. */
export interface Notebook {
  readonly nbformat: 4;
  readonly nbformat_minor: 5;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly cells: readonly Cell[];
}

export interface Cell {
  readonly cell_type: 'code' | 'markdown';
  readonly id: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** One text a line, each with its line break. */
  readonly source: readonly string[];
  /** Of code alone. */
  readonly execution_count?: number | null;
  readonly outputs?: readonly Output[];
}

export type Output =
  | {
      readonly output_type: 'stream';
      readonly name: 'stdout' | 'stderr';
      readonly text: readonly string[];
    }
  | {
      readonly output_type: 'display_data';
      /** By kind: a picture in base64, or a text a line. */
      readonly data: Readonly<Record<string, string | readonly string[]>>;
      readonly metadata: Readonly<Record<string, unknown>>;
    };

/** Lines of a text as a notebook keeps them. */
export const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

/** A text of its lines, or as it is. */
export const textOf = (lines: string | readonly string[]): string =>
  typeof lines === 'string' ? lines : lines.join('');

/** As Jupyter writes it, so that whoever saves a notebook there changes nothing. */
export const notebookText = (notebook: Notebook): string =>
  `${JSON.stringify(notebook, undefined, 1)}\n`;
