/** Cases of test/fixtures/golden-cases.json, worked out in float64 by an independent program. */
export type GoldenCase = { name: string } & (
  | ({ kind: 'sampleSpecificLoss' | 'aggregationLoss' } & GoldenLoss)
  | {
      kind: 'latentLoss';
      inputs: LossInputs & { neighbors: number[][]; anchors: number[] };
      expect: { disjoint: number; overlap: number };
    }
  | {
      kind: 'bankUpdate';
      inputs: { embeddings: number[][]; bank: number[][]; rows: number[]; momentum: number };
      expect: { bank: number[][] };
    }
  | {
      kind: 'select';
      inputs: {
        bank: number[][];
        temperature: number;
        entropyIncludesSelf: boolean;
        neighborhoodSize: number;
        rounds: number;
      };
      expect: { entropy: number[]; anchorsByRound: number[][]; neighbors: number[][] };
    }
  | {
      kind: 'anomalyScore';
      inputs: {
        embeddings: number[][];
        bank: number[][];
        neighbors: number;
        discard?: boolean[];
        own?: number[];
      };
      expect: { relative: number[]; angular: number[]; clamped?: number };
    }
  | {
      kind: 'reconstructionLoss';
      inputs: { images: number[][][][]; reconstructions: number[][][][] };
      expect: { mse?: number; mae?: number; mseSum?: number };
    }
  | {
      kind: 'localContrast';
      inputs: { images: number[][][][]; radius: number };
      expect: { images: number[][][][] };
    }
);

interface LossInputs {
  embeddings: number[][];
  bank: number[][];
  rows: number[];
  temperature: number;
}

/** A loss per sample, with its gradient by the embeddings. */
export interface GoldenLoss {
  inputs: LossInputs & { upstream: number[]; neighbors: number[][]; includeSelf: boolean };
  expect: { perSample: number[]; gradient: number[][] };
}
