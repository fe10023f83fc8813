import type { Tensor2D } from '@tensorflow/tfjs-core';
import {
  check,
  checkIndices,
  checkKnownOptions,
  checkLength,
  type OptionNames,
} from '../support/check.js';
import { checkBoolean } from '../support/check-kinds.js';
import type { BankLike } from './bank-like.js';
import { checkPartition, checkSets, type PartitionOptions, partitionOptions } from './partition.js';

/** Options of `sampleSpecificLoss`, which the other losses over the bank share. */
export interface SampleSpecificLossOptions extends PartitionOptions {
  /** [batch]: each sample's own row of the bank. */
  readonly rows: ArrayLike<number>;
}

/** Options of `aggregationLoss`. */
export interface AggregationLossOptions extends SampleSpecificLossOptions {
  /** [batch][k]: the neighbouring rows of each sample, as many for every sample. */
  readonly neighbors: ArrayLike<ArrayLike<number>>;
  /** Whether the own row is a member of the neighbourhood (k + 1 members; paper: false). @defaultValue true */
  readonly includeSelf?: boolean;
}

/** Options of `latentLoss`. */
export interface LatentLossOptions extends AggregationLossOptions {
  /** [batch]: whether each sample is an anchor. */
  readonly anchors: ArrayLike<boolean | number>;
  /** Whether anchors have the sample-specific loss too: B_ps within B_spl (paper: true). @defaultValue false */
  readonly overlap?: boolean;
}

const sampleSpecific: OptionNames<SampleSpecificLossOptions> = { ...partitionOptions, rows: true };
const sets = { neighbors: true, includeSelf: true } as const;
const aggregation: OptionNames<AggregationLossOptions> = { ...sampleSpecific, ...sets };
const latent: OptionNames<LatentLossOptions> = { ...aggregation, anchors: true, overlap: true };

/** Checks what every loss over the bank is given. */
export function checkSampleSpecific(
  where: string,
  embeddings: Tensor2D,
  bank: BankLike,
  options: SampleSpecificLossOptions,
  known: OptionNames<SampleSpecificLossOptions> = sampleSpecific,
) {
  checkKnownOptions(where, options, known);
  const checked = checkPartition(where, embeddings, bank, options);
  checkLength(where, 'rows', options.rows, checked.batch, 'embeddings');
  checkIndices(where, 'rows', options.rows, checked.size);
  return checked;
}

/** The same, and the neighbours. */
export function checkAggregation(
  where: string,
  embeddings: Tensor2D,
  bank: BankLike,
  options: AggregationLossOptions,
  known: OptionNames<AggregationLossOptions> = aggregation,
): void {
  const { size, batch } = checkSampleSpecific(where, embeddings, bank, options, known);
  const { neighbors, includeSelf = true } = options;
  checkBoolean(where, 'includeSelf', includeSelf);
  checkLength(where, 'neighbors', neighbors, batch, 'embeddings');
  checkSets(where, 'neighbors', neighbors, size);
  check(
    includeSelf || batch === 0 || neighbors[0].length > 0,
    'INVALID_OPTION',
    () =>
      `${where}: includeSelf is false and there are no neighbours, so every set is empty; give at least one neighbour.`,
  );
}

/** The same, and the anchors; neighbours are checked where there is an anchor. @returns [batch], 1 for an anchor, else 0. */
export function checkLatent(
  where: string,
  embeddings: Tensor2D,
  bank: BankLike,
  options: LatentLossOptions,
): number[] {
  const { batch } = checkSampleSpecific(where, embeddings, bank, options, latent);
  checkBoolean(where, 'includeSelf', options.includeSelf);
  checkBoolean(where, 'overlap', options.overlap);
  checkLength(where, 'anchors', options.anchors, batch, 'embeddings');
  const isAnchor = Array.from(options.anchors, (anchor) => (anchor ? 1 : 0));
  if (isAnchor.includes(1)) checkAggregation(where, embeddings, bank, options, latent);
  return isAnchor;
}
