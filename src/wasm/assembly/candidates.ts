/*
 * The k largest of many cosines, in no order until the end: those that exceed the k-th largest known are put down, and when there
 * is no more room the k largest of them are picked out. A heap would order each as it comes.
 *
 * A candidate is one whole number, larger for a larger cosine, of equal ones for a lower row; so no two are equal.
 */

/** Candidates beyond k that are put down before the k largest are picked out. */
const MOST_MORE: i32 = 1024;

/** Candidates that there is room for, of so many rows. */
export function candidateRoom(k: i32, size: i32): i32 {
  return min(size, k + min(k, MOST_MORE));
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function candidate(cosine: f32, row: i32): u64 {
  // Of -0 comes 0, which it is equal to.
  const bits = reinterpret<u32>(cosine + <f32>0);
  const ordered = bits >> 31 ? ~bits : bits | 0x80000000;
  return (<u64>ordered << 32) | <u64>~(<u32>row);
}

export function cosineOf(candidate: u64): f32 {
  const ordered = <u32>(candidate >> 32);
  return reinterpret<f32>(ordered >> 31 ? ordered & 0x7fffffff : ~ordered);
}

export function rowOf(candidate: u64): i32 {
  return <i32>~(<u32>candidate);
}

/**
 * Puts a bank row down for those of four queries whose threshold it exceeds.
 *
 * @param above those of the four. @param from their cosines. @param lists [queries, room]. @param counts, thresholds [queries].
 */
export function putDown(
  above: v128,
  from: usize,
  first: i32,
  row: i32,
  k: i32,
  room: i32,
  lists: usize,
  counts: usize,
  thresholds: usize,
): void {
  for (let mask = i32x4.bitmask(above); mask != 0; mask &= mask - 1) {
    const lane = ctz(mask);
    const query = (<usize>(first + lane)) << 2;
    const list = lists + ((<usize>(first + lane) * <usize>room) << 3);
    const count = load<i32>(counts + query) + 1;
    store<u64>(list + (<usize>(count - 1) << 3), candidate(load<f32>(from + (<usize>lane << 2)), row));
    if (count < room) {
      store<i32>(counts + query, count);
    } else {
      pickOut(list, count, k);
      store<i32>(counts + query, k);
      store<f32>(thresholds + query, cosineOf(load<u64>(list + (<usize>(k - 1) << 3))));
    }
  }
}

/** Brings the k largest of a list to its beginning, and the smallest of them to place k - 1. */
export function pickOut(list: usize, count: i32, k: i32): void {
  const wanted = list + (<usize>(k - 1) << 3);
  let low = list;
  let high = list + (<usize>(count - 1) << 3);
  while (low < high) {
    // The middle one of three, at the end.
    const middle = low + ((((high - low) >> 3) >> 1) << 3);
    const a = load<u64>(low);
    const b = load<u64>(middle);
    const c = load<u64>(high);
    const between = max(min(a, b), min(max(a, b), c));
    const at = between == a ? low : between == b ? middle : high;
    store<u64>(at, c);
    store<u64>(high, between);
    // Those larger than it change places with the first that is not, without a branch.
    let end = low;
    for (let place = low; place < high; place += 8) {
      const value = load<u64>(place);
      store<u64>(place, load<u64>(end));
      store<u64>(end, value);
      end += <usize>(value > between) << 3;
    }
    store<u64>(high, load<u64>(end));
    store<u64>(end, between);
    if (end == wanted) return;
    if (end < wanted) low = end + 8;
    else high = end - 8;
  }
}

/** Sorts so many candidates, largest first. @param other room for as many. @returns where they are: in the list or in `other`. */
export function sorted(list: usize, count: i32, other: usize): usize {
  const bytes = <usize>count << 3;
  let from = list;
  let to = other;
  for (let run: usize = 8; run < bytes; run <<= 1) {
    for (let first: usize = 0; first < bytes; first += 2 * run) {
      const middle = from + min(bytes, first + run);
      const end = from + min(bytes, first + 2 * run);
      let a = from + first;
      let b = middle;
      let place = to + first;
      while (a < middle && b < end) {
        const x = load<u64>(a);
        const y = load<u64>(b);
        const firstIsLarger = x > y;
        store<u64>(place, firstIsLarger ? x : y);
        a += <usize>firstIsLarger << 3;
        b += <usize>!firstIsLarger << 3;
        place += 8;
      }
      memory.copy(place, a, middle - a);
      memory.copy(place + (middle - a), b, end - b);
    }
    const swap = from;
    from = to;
    to = swap;
  }
  return from;
}
