import { parse } from 'npyjs';
import { check } from '../support/check.js';
import { SaladError } from '../support/errors.js';
import { npySize } from './npy-size.js';
import { unpack, type ZipMember, zipMembers } from './zip.js';

/** An array of a NumPy file: values in C order (the last axis fastest). */
export interface NpyArray {
  /** [...shape] flattened, in the typed array of its dtype. */
  readonly data:
    | Int8Array
    | Uint8Array
    | Int16Array
    | Uint16Array
    | Int32Array
    | Uint32Array
    | BigInt64Array
    | BigUint64Array
    | Float32Array
    | Float64Array;
  /** Length of each axis. */
  readonly shape: readonly number[];
  /** NumPy's name without the byte order, such as 'u1' or 'f4'; booleans are 0 and 1 in bytes. */
  readonly dtype: string;
}

/**
 * Reads the arrays of a NumPy `.npz` file.
 *
 * @param bytes the whole file
 * @param names the arrays to read; default all
 * @returns the arrays by name, without `.npy`
 * @throws INVALID_IMAGES: not a zip file or cut short, a member whose CRC-32, name or size is not what file and header say (one flipped
 *   bit suffices), an array missing, big-endian, in Fortran order or of strings or objects
 * @see the NumPy documentation of `numpy.lib.format` (the .npy format, versions 1 to 3).
 * @example
 * const { train_images } = readNpz(await readFile('pneumoniamnist.npz'), ['train_images']);
 */
export function readNpz(bytes: Uint8Array, names?: readonly string[]): Record<string, NpyArray> {
  return readArrays('readNpz', bytes, names);
}

/** `readNpz` for the public call `where`. */
export function readArrays(
  where: string,
  bytes: Uint8Array,
  names?: readonly string[],
): Record<string, NpyArray> {
  const members = attempt(where, 'is not a whole zip file', () => zipMembers(bytes));
  const nameOf = ({ name }: ZipMember) => name.replace(/\.npy$/, '');
  const present = members.map(nameOf);
  for (const name of names ?? [])
    check(
      present.includes(name),
      'INVALID_IMAGES',
      () => `${where}: the file has no '${name}'; it has ${present.join(', ') || 'no arrays'}.`,
      { name, present },
    );
  return Object.fromEntries(
    members
      .filter((member) => names === undefined || names.includes(nameOf(member)))
      .map((member) => {
        const name = nameOf(member);
        const content = attempt(where, `holds a damaged '${name}'`, () => unpack(member, npySize));
        return [name, readNpy(where, name, content)];
      }),
  );
}

function readNpy(where: string, name: string, content: Uint8Array): NpyArray {
  const { data, shape, dtype, fortranOrder } = attempt(
    where,
    `'${name}' is not an array in little-endian numbers`,
    () => parse(new Uint8Array(content).buffer),
  );
  // The parser gives booleans as a plain array, whatever its type says.
  const values = Array.isArray(data) && dtype === 'b1' ? Uint8Array.from(data) : data;
  const count = shape.reduce((product, side) => product * side, 1);
  check(
    ArrayBuffer.isView(values) && !dtype.startsWith('c') && !fortranOrder,
    'INVALID_IMAGES',
    () =>
      `${where}: '${name}' has dtype ${dtype}${fortranOrder ? ' in Fortran order' : ''}; expected real numbers in C order; save it with numpy.ascontiguousarray(...).`,
    { name, dtype, fortranOrder },
  );
  const array = values as NpyArray['data'];
  check(
    array.length === count,
    'INVALID_IMAGES',
    () =>
      `${where}: '${name}' holds ${array.length} values for shape [${shape.join(', ')}]; expected ${count}; the file is cut short or damaged.`,
    { name, length: array.length, shape },
  );
  return { data: array, shape, dtype };
}

function attempt<T>(where: string, what: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SaladError(
      'INVALID_IMAGES',
      `${where}: the file ${what} (${reason}); expected a whole .npz as numpy.savez writes it.`,
      {},
      { cause },
    );
  }
}
