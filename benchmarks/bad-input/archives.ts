/**
 * What a damaged archive of arrays (.npz) comes to: 300 single flipped bits in a deflated member, and a member that
 * inflates to 1.5 GB.
 *
 *     npx tsx benchmarks/bad-input/archives.ts
 *     npx tsx benchmarks/bad-input/archives.ts --inflate
 *
 * A copy of this file in the same folder of an earlier version measures that version.
 */
import { parseArgs } from 'node:util';
import { strToU8, Zip, ZipDeflate, zipSync } from 'fflate';
import { readNpz } from 'salad-ad/data';
import { RandomStream } from '../../src/support/random.js';

const { values: flags } = parseArgs({ options: { inflate: { type: 'boolean', default: false } } });
if (flags.inflate) inflateZeros(1500);
else flipBits(300);

function flipBits(count: number): void {
  const stream = new RandomStream(1, ['archives']);
  const film = Uint8Array.from({ length: 8 * 64 * 64 }, (_, p) => (p % 64) + stream.integer(16));
  const archive = zipSync({ 'images.npy': npy([8, 64, 64], film) });
  // The deflated bytes lie between the member's header (30 bytes and its name) and the central directory.
  const start = 30 + 'images.npy'.length;
  const end = new DataView(archive.buffer).getUint32(archive.length - 22 + 16, true);
  const outcomes = { told: 0, 'other pixels': 0, 'the same pixels': 0 };
  for (let i = 0; i < count; i++) {
    const damaged = archive.slice();
    damaged[start + stream.integer(end - start)] ^= 1 << stream.integer(8);
    outcomes[outcomeOf(damaged, film)] += 1;
  }
  console.log(`${count} flipped bits:`, outcomes);
}

function outcomeOf(damaged: Uint8Array, film: Uint8Array) {
  try {
    const { data } = readNpz(damaged).images;
    return Buffer.compare(data as Uint8Array, film) === 0 ? 'the same pixels' : 'other pixels';
  } catch {
    return 'told';
  }
}

/** A member whose header says 8 x 8 pixels, with `megabytes` of zeros behind. */
function inflateZeros(megabytes: number): void {
  const chunks: Uint8Array[] = [];
  const zip = new Zip((error, chunk) => {
    if (error) throw error;
    chunks.push(chunk);
  });
  const member = new ZipDeflate('images.npy', { level: 9 });
  zip.add(member);
  member.push(npy([1, 8, 8], new Uint8Array(64)));
  for (let i = 0; i < megabytes; i++) member.push(new Uint8Array(1e6), i === megabytes - 1);
  zip.end();
  const archive = new Uint8Array(Buffer.concat(chunks));
  const [before, started] = [process.resourceUsage().maxRSS, performance.now()];
  let outcome = 'read';
  try {
    readNpz(archive);
  } catch (error) {
    outcome = (error as Error).message;
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(2);
  const grown = Math.round((process.resourceUsage().maxRSS - before) / 1024);
  console.log(`${archive.length} bytes: ${seconds} s, ${grown} MiB more memory; ${outcome}`);
}

function npy(shape: readonly number[], values: Uint8Array): Uint8Array {
  const text = `{'descr': '|u1', 'fortran_order': False, 'shape': (${shape.join(', ')}), }`;
  const header = strToU8(`${text.padEnd(117)}\n`);
  const magic = [0x93, ...strToU8('NUMPY'), 1, 0, header.length & 255, header.length >> 8];
  return Uint8Array.from([...magic, ...header, ...values]);
}
