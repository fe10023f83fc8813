/** What the page says to the worker. */
export type Ask =
  /** Learn from the normal films of the file, then score the others. */
  | {
      readonly do: 'start';
      readonly films: string;
      readonly wasm: Readonly<Record<string, string>>;
    }
  /** Explain one of the films that were scored. */
  | { readonly do: 'explain'; readonly film: number };

/** A film of 64 x 64 grey bytes, and what the model says of it. */
export interface ScoredFilm {
  readonly film: number;
  readonly pixels: Uint8Array;
  readonly score: number;
  readonly pValue: number;
  readonly flagged: boolean;
  /** What a radiologist said. */
  readonly abnormal: boolean;
}

/** What the worker says to the page. */
export type Tell =
  | {
      readonly told: 'epoch';
      readonly done: number;
      readonly total: number;
      readonly loss: number;
      readonly validationAuc: number;
    }
  | {
      readonly told: 'scored';
      readonly films: readonly ScoredFilm[];
      readonly auc: number;
      readonly threshold: number;
      readonly seconds: { readonly learn: number; readonly score: number };
    }
  | {
      readonly told: 'explained';
      readonly film: number;
      /** RGB, 64 x 64. */
      readonly map: Uint8Array;
      /** Grey, 64 x 64 each: the training films that it is most like. */
      readonly nearest: readonly Uint8Array[];
    }
  | { readonly told: 'failed'; readonly message: string };
