import { crc32 } from 'node:zlib';
import { zipSync } from 'fflate';
import { RandomStream } from '../../src/support/random.js';
import { EDGES } from './edges.js';
import type { Made } from './inputs.js';
import { loadSeeds } from './seeds.js';

// Files that carry check sums, damaged without correcting them: npz, and PNG.

export interface CheckedSeed {
  readonly name: string;
  readonly group: 'npz' | 'png';
  readonly bytes: Uint8Array;
}

/** Three archives of three arrays, stored, deflated and mixed; and the PNG of the other seeds. */
export function loadCheckedSeeds(): CheckedSeed[] {
  const pixels = Uint8Array.from({ length: 4 * 6 * 5 }, (_, i) => (i * 37) & 255);
  const deep = Uint16Array.from({ length: 4 * 6 * 5 }, (_, i) => (i * 997) & 4095);
  const members = {
    'train_images.npy': npy('|u1', [4, 6, 5], pixels),
    'train_labels.npy': npy('|u1', [4, 1], Uint8Array.of(0, 1, 0, 1)),
    'deep.npy': npy('<u2', [4, 6, 5], new Uint8Array(deep.buffer)),
  };
  const archives = ([0, 6] as const).map((level) => ({
    name: level ? 'deflated.npz' : 'stored.npz',
    group: 'npz' as const,
    bytes: zipSync(members, { level, mtime: '1980-01-01' }),
  }));
  const images = loadSeeds()
    .filter(({ kind }) => kind === 'png')
    .map(({ name, bytes }) => ({ name, group: 'png' as const, bytes }));
  return [...archives, ...images];
}

/** A file of `numpy.lib.format`, version 1. */
function npy(descr: string, shape: readonly number[], values: Uint8Array): Uint8Array {
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape.join(', ')}), }`;
  const header = `${text.padEnd(64 * Math.ceil((text.length + 11) / 64) - 11)}\n`;
  return Uint8Array.from(
    Buffer.concat([
      Buffer.from([
        0x93,
        0x4e,
        0x55,
        0x4d,
        0x50,
        0x59,
        1,
        0,
        header.length & 255,
        header.length >> 8,
      ]),
      Buffer.from(header, 'latin1'),
      values,
    ]),
  );
}

/** Input `index`: depends on the seed number and the index alone; three of four are npz. */
export function makeCheckedInput(seeds: readonly CheckedSeed[], seed: number, index: number): Made {
  const random = new RandomStream(seed, ['fuzz', 'checked', index]);
  const group = random.uniform() < 0.75 ? 'npz' : 'png';
  const same = seeds.filter((one) => one.group === group);
  const from = same[random.integer(same.length)];
  let bytes = from.bytes;
  do bytes = CHANGES[random.integer(CHANGES.length)](bytes.slice(), random);
  while (Buffer.compare(bytes, from.bytes) === 0);
  // One in ten archives has the check sums of its stored members corrected: what they hold is then another file's.
  const repair = from.name === 'stored.npz' && random.uniform() < 0.1;
  return { seed: from, bytes: repair ? repaired(bytes) : bytes, mayDiffer: repair };
}

const CHANGES: readonly ((bytes: Uint8Array, random: RandomStream) => Uint8Array)[] = [
  function flipBit(bytes, random) {
    bytes[random.integer(bytes.length)] ^= 1 << random.integer(8);
    return bytes;
  },
  function flipBits(bytes, random) {
    for (let i = random.integer(8); i >= 0; i--)
      bytes[random.integer(bytes.length)] ^= 1 << random.integer(8);
    return bytes;
  },
  function setNumber(bytes, random) {
    const at = random.integer(bytes.length - 4);
    const view = new DataView(bytes.buffer);
    const value = EDGES[random.integer(EDGES.length)];
    if (random.uniform() < 0.5) view.setUint32(at, value, true);
    else view.setUint16(at, value, true);
    return bytes;
  },
  function setInHeader(bytes, random) {
    const marks = [0x04034b50, 0x02014b50, 0x06054b50];
    const view = new DataView(bytes.buffer);
    const places: number[] = [];
    for (let at = 0; at + 46 < bytes.length; at++)
      if (marks.includes(view.getUint32(at, true))) places.push(at);
    if (places.length === 0) return bytes;
    const at = places[random.integer(places.length)] + 4 + random.integer(38);
    view.setUint32(at, EDGES[random.integer(EDGES.length)], true);
    return bytes;
  },
  function cutShort(bytes, random) {
    return bytes.slice(0, random.integer(bytes.length));
  },
  function leaveOut(bytes, random) {
    const at = random.integer(bytes.length);
    const end = at + 1 + random.integer(64);
    return Uint8Array.from(Buffer.concat([bytes.subarray(0, at), bytes.subarray(end)]));
  },
  function repeat(bytes, random) {
    const at = random.integer(bytes.length);
    const end = at + 1 + random.integer(64);
    return Uint8Array.from(Buffer.concat([bytes.subarray(0, end), bytes.subarray(at)]));
  },
];

/** The archive with the CRC-32 that each stored member asks for, in its header and in the directory. */
function repaired(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0; at + 46 < bytes.length; at++) {
    if (view.getUint32(at, true) !== 0x02014b50) continue;
    const header = view.getUint32(at + 42, true);
    if (header + 30 > bytes.length) continue;
    const start =
      header + 30 + view.getUint16(header + 26, true) + view.getUint16(header + 28, true);
    const content = bytes.subarray(start, start + view.getUint32(at + 20, true));
    view.setUint32(at + 16, crc32(content), true);
  }
  return bytes;
}
