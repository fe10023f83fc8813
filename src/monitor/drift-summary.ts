/** What a monitor found so far, as plain data: for a log, a table or the page of `renderReport`. */
export interface DriftSummary {
  /** Films so far; those of the reference are not among them. */
  readonly films: number;
  /** The bound that was asked for, in (0, 1). */
  readonly falseAlarmRate: number;
  /** What is watched: 'score', 'reading' (whether and why not files could be read), then each trait. */
  readonly streams: readonly {
    /** 'score', 'reading', or the name of the trait. */
    readonly name: string;
    /** Values that came; fewer than films where some are missing. */
    readonly values: number;
    /** Evidence of a change now: 1 at first, about 1 or less where nothing changes; at most 1e300. */
    readonly evidence: number;
    /** The highest so far. */
    readonly highest: number;
    /** The evidence that is an alarm: streams / falseAlarmRate. */
    readonly threshold: number;
    /** The film that raised the alarm, from 1; absent without one. */
    readonly alarm?: number;
    /** How the evidence went: film, and its logarithm to the base 10; at most 512 points. */
    readonly trail: readonly (readonly [film: number, logEvidence: number])[];
  }[];
  /** The last films: of all, then of each group in the order they came. */
  readonly windows: readonly DriftWindow[];
}

/** The last films of a group, or of all: shares in [0, 1]. */
export interface DriftWindow {
  /** The group; absent for all films. */
  readonly group?: string;
  /** Films of the group so far. */
  readonly films: number;
  /** How many of them are in the window. */
  readonly inWindow: number;
  /** Share that could not be read. */
  readonly unreadable: number;
  /** Share without a score, those that could not be read among them. */
  readonly withoutScore: number;
  /** Share of the scores that reach the threshold; absent without a threshold or without scores. */
  readonly flagged?: number;
  /** Share of the scores above every normal one; absent without `normalScores` or without scores. */
  readonly beyondNormals?: number;
  /** Share of the p-values at or below .05, which is at most about .05 of normals like those that they rest on; absent without p-values. */
  readonly rare?: number;
  /** How the scores and each trait lie beside the reference; absent without a reference. */
  readonly shifts: readonly {
    /** 'score', or the name of the trait. */
    readonly name: string;
    /** Share of the films in the window without a value. */
    readonly missing: number;
    /** Of numbers: how often a value of the window is higher than one of the reference, ties counting half; .5 is no shift. Absent for a category. */
    readonly higher?: number;
    /** Of numbers: median of the window. Absent for a category. */
    readonly median?: number;
    /** Of numbers: median of the reference. Absent for a category. */
    readonly referenceMedian?: number;
    /** Of categories: half the sum of the differences of the shares (total variation distance), 0 to 1. Absent for a number. */
    readonly distance?: number;
    /** Of categories: the one whose share grew the most. Absent for a number, or where none grew. */
    readonly grown?: {
      /** The category. */
      readonly value: string;
      /** Its share in the window. */
      readonly share: number;
      /** Its share in the reference. */
      readonly referenceShare: number;
    };
  }[];
}
