import { RandomStream } from '../../src/support/random.js';
import { EDGES } from './edges.js';
import type { Task } from './inputs.js';
import { changePacked, repaired } from './packed.js';
import type { Seed } from './seeds.js';
import { type Unit, unitsOf } from './units.js';

/** Longer files find nothing that shorter ones do not. */
const LONGEST = 32_768;

/** A mutated file. */
export interface Input {
  readonly seed: Seed;
  readonly bytes: Uint8Array;
}

/**
 * Input `index` of a task: depends on the seed number, the task and the index alone.
 *
 * One change in half of them, two in a quarter, and so on up to eight: of bits and bytes anywhere, and of the
 * units that the format has.
 */
export function makeInput(seeds: readonly Seed[], seed: number, task: Task, index: number): Input {
  const random = new RandomStream(seed, ['fuzz', task, index]);
  // Formats and transfer syntaxes alike often, however many seeds they have.
  const groups = [...new Set(seeds.map(({ group }) => group))];
  const chosen = groups[random.integer(groups.length)];
  const inGroup = seeds.filter(({ group }) => group === chosen);
  const from = inGroup[random.integer(inGroup.length)];
  const sameKind = seeds.filter(({ kind }) => kind === from.kind);
  const other = sameKind[random.integer(sameKind.length)];
  const context = { kind: from.kind, other: other.bytes, random };
  let bytes: Uint8Array;
  do bytes = changedOften(from.bytes, context);
  while (Buffer.compare(bytes, from.bytes) === 0);
  return { seed: from, bytes };
}

function changedOften(original: Uint8Array, context: Context): Uint8Array {
  const { kind, random } = context;
  let bytes = original;
  for (let changes = 0; changes < 8; changes++) {
    const packed = random.uniform() < 0.25;
    bytes = packed
      ? changePacked(kind, bytes, (inner) => changed(inner, context))
      : changed(bytes, context);
    if (random.uniform() < 0.5) break;
  }
  if (kind === 'png' && random.uniform() < 0.9) bytes = repaired(bytes);
  return Uint8Array.from(bytes.subarray(0, LONGEST));
}

interface Context {
  readonly kind: Seed['kind'];
  /** A file to splice with. */
  readonly other: Uint8Array;
  readonly random: RandomStream;
}

type Change = (bytes: Uint8Array, context: Context) => Uint8Array;

function changed(bytes: Uint8Array, context: Context): Uint8Array {
  const { random } = context;
  const changes = random.uniform() < 0.5 ? ANYWHERE : IN_UNITS;
  return changes[random.integer(changes.length)](bytes.slice(), context);
}

const ANYWHERE: readonly Change[] = [
  function flipBits(bytes, { random }) {
    for (let i = random.integer(8); i >= 0 && bytes.length > 0; i--)
      bytes[random.integer(bytes.length)] ^= 1 << random.integer(8);
    return bytes;
  },
  function setBytes(bytes, { random }) {
    for (let i = random.integer(4); i >= 0; i--)
      bytes[random.integer(bytes.length)] = EDGES[random.integer(EDGES.length)];
    return bytes;
  },
  function setNumber(bytes, { random }) {
    return withNumber(bytes, random.integer(bytes.length), random);
  },
  function randomBytes(bytes, { random }) {
    const [start, end] = range(bytes.length, random, 16);
    for (let i = start; i < end; i++) bytes[i] = random.integer(256);
    return bytes;
  },
  function cutShort(bytes, { random }) {
    return bytes.subarray(0, random.integer(bytes.length));
  },
  function leaveOut(bytes, { random }) {
    const [start, end] = range(bytes.length, random, 256);
    return joined(bytes.subarray(0, start), bytes.subarray(end));
  },
  function repeat(bytes, { random }) {
    const [start, end] = range(bytes.length, random, 256);
    const times = 1 + random.integer(4);
    const copies = Array.from({ length: times }, () => bytes.subarray(start, end));
    return joined(bytes.subarray(0, end), ...copies, bytes.subarray(end));
  },
  function splice(bytes, { other, random }) {
    return joined(
      bytes.subarray(0, random.integer(bytes.length)),
      other.subarray(random.integer(other.length)),
    );
  },
];

const IN_UNITS: readonly Change[] = [
  function setLength(bytes, context) {
    const { at, bytes: size, littleEndian } = pick(bytes, context)?.length ?? {};
    if (at === undefined) return bytes;
    const view = new DataView(bytes.buffer);
    const { random } = context;
    const before = size === 2 ? view.getUint16(at, littleEndian) : view.getUint32(at, littleEndian);
    const value =
      random.uniform() < 0.5 ? before + random.integer(9) - 4 : EDGES[random.integer(EDGES.length)];
    if (size === 2) view.setUint16(at, value, littleEndian);
    else view.setUint32(at, value, littleEndian);
    return bytes;
  },
  function setNumberInUnit(bytes, context) {
    const unit = pick(bytes, context);
    if (!unit) return bytes;
    const reach = Math.min(unit.end - unit.start, 32);
    return withNumber(bytes, unit.start + context.random.integer(reach), context.random);
  },
  function cutAtUnit(bytes, context) {
    return bytes.subarray(0, pick(bytes, context)?.start);
  },
  function leaveOutUnit(bytes, context) {
    const { start, end } = pick(bytes, context) ?? { start: 0, end: 0 };
    return joined(bytes.subarray(0, start), bytes.subarray(end));
  },
  function repeatUnit(bytes, context) {
    const { start, end } = pick(bytes, context) ?? { start: 0, end: 0 };
    return joined(bytes.subarray(0, end), bytes.subarray(start));
  },
  function swapUnits(bytes, context) {
    const two = [pick(bytes, context), pick(bytes, context)];
    const [a, b] = two.sort((one, next) => (one?.start ?? 0) - (next?.start ?? 0));
    if (!a || !b || a.end > b.start) return bytes;
    return joined(
      bytes.subarray(0, a.start),
      bytes.subarray(b.start, b.end),
      bytes.subarray(a.end, b.start),
      bytes.subarray(a.start, a.end),
      bytes.subarray(b.end),
    );
  },
  function unitOfOther(bytes, context) {
    const { start, end } = pick(bytes, context) ?? { start: 0, end: 0 };
    const theirs = pick(context.other, context) ?? { start: 0, end: 0 };
    return joined(
      bytes.subarray(0, start),
      context.other.subarray(theirs.start, theirs.end),
      bytes.subarray(end),
    );
  },
];

function pick(bytes: Uint8Array, { kind, random }: Context): Unit | undefined {
  const units = unitsOf(kind, bytes);
  return units[random.integer(units.length)];
}

function withNumber(bytes: Uint8Array, at: number, random: RandomStream): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const value = EDGES[random.integer(EDGES.length)];
  const littleEndian = random.uniform() < 0.5;
  const size = [1, 2, 4][random.integer(3)];
  if (at + size > bytes.length) return bytes;
  if (size === 1) view.setUint8(at, value);
  else if (size === 2) view.setUint16(at, value, littleEndian);
  else view.setUint32(at, value, littleEndian);
  return bytes;
}

function range(length: number, random: RandomStream, longest: number): [number, number] {
  const start = random.integer(length);
  return [start, Math.min(length, start + 1 + random.integer(longest))];
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const result = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}
