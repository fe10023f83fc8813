import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { after } from './address.js';
import { coarse, comparedRows } from './known-rows.js';
import { productTime, type Range, share } from './share.js';
import type { Simd } from './simd.js';
import { sketched } from './sketch-axes.js';

/** Queries that share a factor: a panel. */
const PANEL = 8;

/** Share of the longest row that a panel's factor goes by at least, so that |r|^2 / 2 fits its whole numbers as products do. */
const LEAST = 0.6;

/**
 * Distances to the k nearest rows [batch, k], and those rows [batch, k]: compares sketches, or the rows themselves where they
 * have none, as coarse numbers, and then those rows that this leaves.
 */
export function nearestRows(simd: Simd, queries: Tensor, rows: Tensor, k: number): TensorInfo[] {
  const [batch, dim] = queries.shape as [number, number];
  const size = rows.shape[0];
  const distances = simd.output([batch, k]);
  const indices = simd.output([batch, k], 'int32');
  const [query, row] = simd.addresses(queries, rows);
  simd.withScratch((scratch) => {
    const { axes, width, reach, ...known } = comparedRows(simd, scratch, batch, rows);
    const sketches = axes ? sketched(simd, scratch, axes, queries) : query;
    const form = { width, group: PANEL, least: LEAST * reach };
    const asked = coarse(simd, scratch, sketches, batch, form);
    const [far, found] = simd.addresses(distances, indices);
    // A panel of coarse queries: whole vectors of 16-bit numbers.
    const panelBytes = Math.ceil(width / 8) * 16 * PANEL;
    const ofQueries = (part: Simd, { first, count }: Range) =>
      part.withScratch((own) =>
        part.functions.nearestRows(
          ...[after(query, first * dim * 4), after(sketches, first * width * 4)],
          after(asked.panels, (first / PANEL) * panelBytes),
          ...[after(asked.factors, (first / PANEL) * 8), count],
          ...[row, known.panels, known.factor, known.halves],
          ...[size, dim, width, reach, k],
          ...[after(far, first * k * 4), after(found, first * k * 4)],
          own.take(part.functions.nearestRowsScratch(size, k)),
        ),
      );
    share(simd, batch, productTime((batch * size * width) / 2), ofQueries, { group: PANEL });
  });
  return [distances, indices];
}
