import type { GoldenCase } from '../support/golden-cases.js';
import { bankCases } from './bank.js';
import type { ConformanceCase } from './case.js';
import { type EncoderFixtures, encoderCases } from './encoders.js';
import { goldenCases } from './golden.js';
import { modelCases, type SavedModel } from './models.js';
import { networkCases } from './networks.js';

/** What the suite needs from disk; JSON, so that a page can be given it. */
export interface Fixtures {
  readonly golden: readonly GoldenCase[];
  readonly savedModel: SavedModel;
  readonly encoder: EncoderFixtures;
}

/** What every backend owes: the same cases on each. */
export function conformanceCases({ golden, savedModel, encoder }: Fixtures): ConformanceCase[] {
  return [
    ...goldenCases(golden),
    ...bankCases,
    ...networkCases,
    ...modelCases(savedModel),
    ...encoderCases(encoder),
  ];
}
