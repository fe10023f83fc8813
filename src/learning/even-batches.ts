/**
 * 0 .. size-1 in the given order, cut into ceil(size / batchSize) batches of equal size within one, so
 * that no last batch is tiny.
 */
export function evenBatches(order: Int32Array, batchSize: number): Int32Array[] {
  const count = Math.ceil(order.length / batchSize);
  return Array.from({ length: count }, (_, i) =>
    order.slice(
      Math.floor((i * order.length) / count),
      Math.floor(((i + 1) * order.length) / count),
    ),
  );
}
