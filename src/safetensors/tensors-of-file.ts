import type { io } from '@tensorflow/tfjs-core';
import type { Backbone } from '../backbones/backbone.js';
import { check } from '../support/check.js';
import { numbersOf, type PackedTensor } from './format/dtypes.js';
import { fromTorch, type Shaped } from './layouts.js';
import { BANKS, weightAt, weightNames } from './names/weight-names.js';

type Tensors = ReadonlyMap<string, PackedTensor>;

/** Tensors as `SaladModel.save` lists them. */
export interface Listed {
  readonly specs: readonly io.WeightsManifestEntry[];
  readonly data: readonly ArrayBuffer[];
}

/**
 * The tensors of a file by our names, in our order, with our axes.
 *
 * @throws NOT_A_MODEL where one is missing, of another type or shape, or has a name that no model has | MODEL_DAMAGED
 */
export function tensorsOfFile(
  where: string,
  tensors: Tensors,
  backbone: Backbone['config'],
): Listed {
  const specs: io.WeightsManifestEntry[] = [];
  const data: ArrayBuffer[] = [];
  const add = (name: string, { shape, values }: Shaped) => {
    const dtype = values instanceof Int32Array ? 'int32' : 'float32';
    specs.push({ name, shape: [...shape], dtype });
    data.push(values.buffer as ArrayBuffer);
  };
  const known = new Set(['discard']);
  const names = weightNames(backbone);
  for (let i = 0; ; i++) {
    const { name, shape, layout } = weightAt(names, i);
    if (i >= names.length && !tensors.has(name)) break;
    known.add(name);
    const weight = need(where, tensors, name, 'floats', shape);
    add(`weights/${i}`, layout ? fromTorch(weight, layout) : weight);
  }
  for (const [ours, name, axes] of BANKS) {
    known.add(name);
    if (!tensors.has(name)) continue;
    const shape = new Array<null>(axes).fill(null);
    const type = axes === 1 ? 'whole numbers' : 'floats';
    add(ours, need(where, tensors, name, type, shape));
  }
  checkNoOther(where, tensors, known);
  return { specs, data };
}

/** Rows of the bank that no score is made with. @throws NOT_A_MODEL | MODEL_DAMAGED */
export function discardedRows(where: string, tensors: Tensors): number[] {
  const size = tensors.get('bank')?.shape[0];
  if (size === undefined) return [];
  const { values } = need(where, tensors, 'discard', 'whole numbers', [size]);
  return Array.from(values.keys()).filter((row) => values[row] !== 0);
}

/** A tensor of the file; null in a shape fits any size, and no shape any at all. */
function need(
  where: string,
  tensors: Tensors,
  name: string,
  type: 'floats' | 'whole numbers',
  shape?: readonly (number | null)[],
): Shaped {
  const found = tensors.get(name);
  const isFloat = found?.dtype === 'F32' || found?.dtype === 'F16';
  check(
    found !== undefined &&
      isFloat === (type === 'floats') &&
      (shape === undefined ||
        (shape.length === found.shape.length &&
          shape.every((size, i) => size === null || size === found.shape[i]))),
    'NOT_A_MODEL',
    () => {
      const has = found ? `is ${found.dtype} of shape [${found.shape}]` : 'is missing';
      const expected = shape ? ` of shape [${shape.map((size) => size ?? 'any')}]` : '';
      return `${where}: tensor '${name}' ${has}; expected ${type}${expected}; write the file with all tensors that toSafetensors wrote, in their shapes.`;
    },
    { name },
  );
  return { shape: found.shape, values: numbersOf(where, name, found) };
}

/** PyTorch counts the batches that a normalisation has seen; nothing else may lie beside what a model has. */
function checkNoOther(where: string, tensors: Tensors, known: ReadonlySet<string>): void {
  const other = [...tensors.keys()].find(
    (name) => !known.has(name) && !name.endsWith('.num_batches_tracked'),
  );
  check(
    other === undefined,
    'NOT_A_MODEL',
    () =>
      `${where}: the file holds a tensor '${other}', which no model of this backbone has; expected the names that toSafetensors wrote; keep what is your own in another file.`,
    { name: other },
  );
}
