import { LENGTH_TOLERANCE } from '../core/check-embeddings.js';
import { checkUndamaged } from '../learning/damaged.js';
import type { StoredTensor } from '../learning/stored-tensors.js';

/** Checks that no row of a saved bank of cells is longer than a part of length 1 for each level. @throws MODEL_DAMAGED */
export function checkCellLengths(
  where: string,
  { values, shape: [rows, dim] }: StoredTensor,
  levels: number,
): void {
  for (let row = 0; row < rows; row++) {
    let squares = 0;
    for (let i = row * dim; i < (row + 1) * dim; i++) squares += values[i] * values[i];
    checkUndamaged(
      where,
      squares <= levels * (1 + LENGTH_TOLERANCE),
      () =>
        `row ${row} of 'cells' has length ${Math.sqrt(squares)}; expected at most ${Math.sqrt(levels)}`,
    );
  }
}

/** Checks that every row of a saved bank has length 1. @throws MODEL_DAMAGED */
export function checkUnitRows(where: string, name: string, bank: StoredTensor | undefined): void {
  if (!bank) return;
  const { values, shape } = bank;
  const [rows, dim] = shape;
  for (let row = 0; row < rows; row++) {
    let squares = 0;
    for (let i = row * dim; i < (row + 1) * dim; i++) squares += values[i] * values[i];
    checkUndamaged(
      where,
      Math.abs(squares - 1) <= LENGTH_TOLERANCE,
      () => `row ${row} of '${name}' has length ${Math.sqrt(squares)}; expected 1`,
    );
  }
}
