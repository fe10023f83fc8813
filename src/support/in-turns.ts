/** Long work that yields wherever it may be interrupted, and returns its result. */
export type InPieces<Result> = Generator<void, Result, void>;

/** Its result, without a break. */
export function atOnce<Result>(work: InPieces<Result>): Result {
  for (;;) {
    const piece = work.next();
    if (piece.done) return piece.value;
  }
}

/** Its result; between two pieces the host has its turn. @param giveHostItsTurn what `hostTurns` returned */
export async function inTurns<Result>(
  work: InPieces<Result>,
  giveHostItsTurn: () => Promise<void>,
): Promise<Result> {
  for (;;) {
    await giveHostItsTurn();
    const piece = work.next();
    if (piece.done) return piece.value;
  }
}
