import type { FilmProfile } from '../gate/profile.js';

/** A model as it goes between threads and into storage, with what the gate compares: what a tf.io handler takes, or an .onnx file. */
export type PackedModel = { readonly profile?: FilmProfile } & (
  | { readonly artifacts: import('@tensorflow/tfjs-core').io.ModelArtifacts }
  | { readonly onnx: Uint8Array }
);

/** What a thread tells of a model that it loaded. */
export interface ModelFacts {
  /** Rows of the bank; absent where it came as .onnx. */
  readonly films?: number;
  readonly side: string;
  /** What the threshold promises, as a sentence; absent where the model was not calibrated. */
  readonly promise?: string;
  readonly threshold?: number;
  /** Whether the gate has films to compare with. */
  readonly gated: boolean;
  /** Whether films are padded to the shape of its input; else they are stretched to it. */
  readonly isPadded: boolean;
  /** Whether maps can be made of it. */
  readonly hasMaps: boolean;
  /** What maps of normal films hold; absent where nobody measured it. */
  readonly mapScale?: FilmProfile['maps'];
}

/** A training film near the one that was scored. */
export interface Neighbour {
  readonly row: number;
  readonly name: string;
  /** In radians. */
  readonly angle: number;
}

/** A small grey picture for the table. */
export interface Thumbnail {
  readonly grey: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** What became of a film. */
export type FilmResult =
  | {
      readonly kind: 'scored';
      readonly score: number;
      readonly pValue?: number;
      readonly abnormal?: boolean;
      readonly neighbours: readonly Neighbour[];
      readonly thumbnail: Thumbnail;
    }
  | {
      /** The gate: it is not like the films that the model learnt, and gets no score. */
      readonly kind: 'refused';
      readonly reasons: readonly string[];
      readonly thumbnail: Thumbnail;
    }
  | { readonly kind: 'unreadable'; readonly code: string; readonly message: string };

/** Where in a film its score comes from, stretched over the model's input. */
export interface FilmMap {
  readonly values: Float32Array;
  readonly width: number;
  readonly height: number;
}
