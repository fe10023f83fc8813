/** The k rows at the smallest angles of those that were offered, for each of some queries; of equal angles the lower id first. */
export class NearestSoFar {
  private readonly angles: Float32Array;
  private readonly ids: Int32Array;

  constructor(
    queries: number,
    private readonly k: number,
  ) {
    this.angles = new Float32Array(queries * k).fill(Number.POSITIVE_INFINITY);
    this.ids = new Int32Array(queries * k).fill(-1);
  }

  /** @param angle radians, as float32 */
  offer(query: number, angle: number, id: number): void {
    const { angles, ids, k } = this;
    const first = query * k;
    let at = first + k - 1;
    if (!comesBefore(angle, id, angles[at], ids[at])) return;
    for (; at > first && comesBefore(angle, id, angles[at - 1], ids[at - 1]); at--) {
      angles[at] = angles[at - 1];
      ids[at] = ids[at - 1];
    }
    angles[at] = angle;
    ids[at] = id;
  }

  /** [k], nearest first; copies. */
  of(query: number): { ids: Int32Array; angles: Float32Array } {
    const [first, end] = [query * this.k, (query + 1) * this.k];
    return { ids: this.ids.slice(first, end), angles: this.angles.slice(first, end) };
  }
}

function comesBefore(angle: number, id: number, otherAngle: number, otherId: number): boolean {
  return angle < otherAngle || (angle === otherAngle && id < otherId);
}
