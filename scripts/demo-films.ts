/**
 * Writes src/cli/demo-films.npz, the films that come with `salad-ad demo`: some of examples/data/chest-xray (Kermany et al. 2018,
 * CC BY 4.0), evenly spaced within each part and class.
 *
 *   npx tsx scripts/demo-films.ts
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { zipSync } from 'fflate';
import { readNpz } from 'salad-ad/data';

/** Films of each part and class. */
const CHOSEN = { train: [80, 0], val: [20, 10], test: [25, 25] } as const;

const file = readFileSync('examples/data/chest-xray/cxr_pneumonia_64.npz');
const arrays = readNpz(file);
const entries: Record<string, Uint8Array> = {};
for (const [part, counts] of Object.entries(CHOSEN)) {
  const images = arrays[`${part}_images`];
  const labels = Array.from(arrays[`${part}_labels`].data as Uint8Array);
  const rows = counts.flatMap((count, label) => {
    const all = labels.flatMap((one, row) => (one === label ? [row] : []));
    return Array.from({ length: count }, (_, i) => all[Math.floor((i * all.length) / count)]);
  });
  const pixels = images.data as Uint8Array;
  const [, height, width] = images.shape;
  const side = height * width;
  const taken = Uint8Array.from(
    rows.flatMap((row) => [...pixels.subarray(row * side, (row + 1) * side)]),
  );
  entries[`${part}_images.npy`] = npy(taken, [rows.length, height, width]);
  entries[`${part}_labels.npy`] = npy(
    Uint8Array.from(rows, (row) => labels[row]),
    [rows.length, 1],
  );
}
// A fixed date, so that the file is the same whenever it is made.
writeFileSync('src/cli/demo-films.npz', zipSync(entries, { level: 9, mtime: '2020-01-01' }));

/** Bytes as a .npy file of version 1. */
function npy(data: Uint8Array, shape: readonly number[]): Uint8Array {
  const text = `{'descr': '|u1', 'fortran_order': False, 'shape': (${shape.join(', ')},), }`;
  const padded = `${text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11)}\n`;
  const head = Uint8Array.of(
    0x93,
    ...Buffer.from('NUMPY'),
    1,
    0,
    padded.length & 255,
    padded.length >> 8,
  );
  return Uint8Array.from([...head, ...Buffer.from(padded), ...data]);
}
