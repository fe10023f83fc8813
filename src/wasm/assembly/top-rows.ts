// The k rows of largest cosine that were offered, each query's as a heap whose root is the one to give up
// next: the smallest cosine, of equal ones the highest row.

// @ts-expect-error: a decorator of AssemblyScript
@inline
function before(cosine: f32, row: i32, other: f32, otherRow: i32): bool {
  return cosine < other || (cosine == other && row > otherRow);
}

/** Takes a row into a heap of `count` by moving parents down. */
export function push(cosines: usize, rows: usize, count: i32, cosine: f32, row: i32): void {
  let at = count;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    const value = load<f32>(cosines + ((<usize>parent) << 2));
    const parentRow = load<i32>(rows + ((<usize>parent) << 2));
    if (before(value, parentRow, cosine, row)) break;
    store<f32>(cosines + ((<usize>at) << 2), value);
    store<i32>(rows + ((<usize>at) << 2), parentRow);
    at = parent;
  }
  store<f32>(cosines + ((<usize>at) << 2), cosine);
  store<i32>(rows + ((<usize>at) << 2), row);
}

/** Puts a row in the place of the root of a heap of `count` by moving children up. */
export function replaceRoot(cosines: usize, rows: usize, count: i32, cosine: f32, row: i32): void {
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= count) break;
    let value = load<f32>(cosines + ((<usize>child) << 2));
    let childRow = load<i32>(rows + ((<usize>child) << 2));
    if (child + 1 < count) {
      const sibling = load<f32>(cosines + ((<usize>child) << 2), 4);
      const siblingRow = load<i32>(rows + ((<usize>child) << 2), 4);
      if (before(sibling, siblingRow, value, childRow)) {
        child++;
        value = sibling;
        childRow = siblingRow;
      }
    }
    if (before(cosine, row, value, childRow)) break;
    store<f32>(cosines + ((<usize>at) << 2), value);
    store<i32>(rows + ((<usize>at) << 2), childRow);
    at = child;
  }
  store<f32>(cosines + ((<usize>at) << 2), cosine);
  store<i32>(rows + ((<usize>at) << 2), row);
}

/** Makes a list of a full heap: largest cosine first, of equal ones the lower row. */
export function sortHeap(cosines: usize, rows: usize, count: i32): void {
  for (let last = count - 1; last > 0; last--) {
    const root = load<f32>(cosines);
    const rootRow = load<i32>(rows);
    const end = (<usize>last) << 2;
    replaceRoot(cosines, rows, last, load<f32>(cosines + end), load<i32>(rows + end));
    store<f32>(cosines + end, root);
    store<i32>(rows + end, rootRow);
  }
}
