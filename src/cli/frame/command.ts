import type { Progress } from 'salad-ad';

/** What may stand behind `--name`, and in the configuration file under the same name. */
export interface Option {
  readonly type: 'text' | 'number' | 'switch' | 'object';
  /** What it does, without a full stop; its default at the end. */
  readonly help: string;
  /** What stands for the value in the help, such as FOLDER. */
  readonly value?: string;
  readonly choices?: readonly string[];
  /** Of a number. */
  readonly min?: number;
  readonly max?: number;
  readonly whole?: boolean;
  /** Only in the configuration file: it is too long for a line. */
  readonly fileOnly?: boolean;
  /** Not in the configuration file: it is of one run, such as where to write. */
  readonly lineOnly?: boolean;
}

type Options = Readonly<Record<string, Option>>;

type Value<One extends Option> = One['type'] extends 'number'
  ? number
  : One['type'] extends 'switch'
    ? boolean
    : One['type'] extends 'object'
      ? Readonly<Record<string, unknown>>
      : string;

/** What was given of options; undefined where neither the line nor the file says it. */
export type Given<Known extends Options> = {
  readonly [Name in keyof Known]?: Value<Known[Name]>;
};

/** How a command speaks: results go to the standard output, all else to the standard error. */
export interface Speaker {
  /** Results, or a text that was asked for. */
  print(text: string): void;
  /** Ends the program where nobody reads the standard output any longer: for a command that has no other result. */
  endWithReader(): void;
  /** What was done, and what to do next. */
  note(text: string): void;
  /** Something to look at; each code once. */
  warning(warning: { readonly code: string; readonly message: string }): void;
  /** How far the work is; `what` is counted in the plural: 'images'. */
  progress(what: string, progress: Progress, more?: Readonly<Record<string, unknown>>): void;
  /** Aborted by Ctrl-C, and by the signals that ask a program to end. */
  readonly signal: AbortSignal;
}

/** One command of the program. */
export interface Command<Known extends Options = Options> {
  readonly name: string;
  /** What stands behind the name, such as 'FILES... --model FOLDER'. */
  readonly usage: string;
  /** How many paths it takes; any number where absent. */
  readonly paths?: 0 | 1;
  readonly options: Known;
  /** Lines to try, each with what it does. */
  readonly examples: readonly (readonly [line: string, does: string])[];
  /** What else the help says. */
  readonly details?: string;
  /** @returns the exit code */
  run(paths: readonly string[], given: Given<Known>, say: Speaker): Promise<number>;
}

/** A command whose `run` knows the types of its options. */
export function command<const Known extends Options>(one: Command<Known>): Command {
  return one as unknown as Command;
}

/** Every command by its name; its file is loaded when it is asked for. */
export type Commands = Readonly<
  Record<
    string,
    {
      /** One line, without a full stop. */
      readonly summary: string;
      readonly load: () => Promise<Command>;
    }
  >
>;
