import type { FilmResult } from '../workers/messages.js';

/** A film that somebody dropped or picked. */
export interface Film {
  readonly id: number;
  readonly file: File;
  /** Path within the folder that it came in, or its name. */
  readonly name: string;
  /** Absent while it waits. */
  result?: FilmResult;
}

/** What a film came to, in a word. */
export type Verdict = 'waiting' | 'abnormal' | 'normal' | 'scored' | 'refused' | 'unreadable';

export function verdictOf({ result }: Film): Verdict {
  if (!result) return 'waiting';
  if (result.kind !== 'scored') return result.kind;
  if (result.abnormal === undefined) return 'scored';
  return result.abnormal ? 'abnormal' : 'normal';
}

/** The words that people read. A film below the threshold is not called healthy. */
export const VERDICT_TEXT: Readonly<Record<Verdict, string>> = {
  waiting: 'Waiting',
  abnormal: 'Flagged',
  normal: 'Not flagged',
  scored: 'No threshold',
  refused: 'Not comparable',
  unreadable: 'Cannot be read',
};

/** Why a film has no score. */
export function reasonsOf({ result }: Film): readonly string[] {
  if (result?.kind === 'refused') return result.reasons;
  if (result?.kind === 'unreadable') return [result.message];
  return [];
}

export const scoreOf = ({ result }: Film): number | undefined =>
  result?.kind === 'scored' ? result.score : undefined;

export const pValueOf = ({ result }: Film): number | undefined =>
  result?.kind === 'scored' ? result.pValue : undefined;
