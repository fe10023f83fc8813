import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { element, number, textOf } from '../../dicom/writer.js';

const SIDE = 32;

/** A film as an uncompressed DICOM file: a bright field whose border moves a little; with a blob where it is abnormal. */
export function dicomFilm(seed: number, abnormal: boolean, patient: string): Uint8Array {
  const random = generator(seed);
  const edge = 12 + 8 * random();
  const pixels = Array.from({ length: SIDE * SIDE }, (_, i) => {
    const [x, y] = [i % SIDE, Math.floor(i / SIDE)];
    const blob = abnormal && (x - 16) ** 2 + (y - 20) ** 2 < 30 ? 900 : 0;
    return Math.floor(
      600 + 1500 / (1 + Math.exp((Math.abs(x - 16) - edge) / 2)) + blob + 200 * random(),
    );
  });
  const syntax = element(0x00020010, 'UI', [...uid('1.2.840.10008.1.2.1')]);
  const kind = uid('1.2.840.10008.5.1.4.1.1.1');
  const meta = [
    ...element(0x00020001, 'OB', [0, 1]),
    ...element(0x00020002, 'UI', kind),
    ...element(0x00020003, 'UI', uid(`1.2.3.${seed + 1}`)),
    ...syntax,
  ];
  return Uint8Array.from([
    ...new Array(128).fill(0),
    ...textOf('DICM'),
    ...element(0x00020000, 'UL', number(meta.length, 4)),
    ...meta,
    ...element(0x00080016, 'UI', kind),
    ...element(0x00080018, 'UI', uid(`1.2.3.${seed + 1}`)),
    ...element(0x00080060, 'CS', textOf('CR')),
    ...element(0x00100020, 'LO', textOf(patient)),
    ...element(0x0020000d, 'UI', uid(`1.2.4.${seed + 1}`)),
    ...element(0x0020000e, 'UI', uid(`1.2.5.${seed + 1}`)),
    ...element(0x00280002, 'US', number(1, 2)),
    ...element(0x00280004, 'CS', textOf('MONOCHROME2')),
    ...element(0x00280010, 'US', number(SIDE, 2)),
    ...element(0x00280011, 'US', number(SIDE, 2)),
    ...element(0x00280100, 'US', number(16, 2)),
    ...element(0x00280101, 'US', number(12, 2)),
    ...element(0x00280102, 'US', number(11, 2)),
    ...element(0x00280103, 'US', number(0, 2)),
    ...element(
      0x7fe00010,
      'OW',
      pixels.flatMap((value) => number(value, 2)),
    ),
  ]);
}

/** Films in folders for each class; two of each patient. */
export function writeDicomFilms(
  root: string,
  { normal, abnormal, first = 0 }: { normal: number; abnormal: number; first?: number },
): void {
  for (const [label, count] of Object.entries({ normal, abnormal })) {
    mkdirSync(join(root, label), { recursive: true });
    for (let i = 0; i < count; i++) {
      const seed = first + 1000 * Number(label === 'abnormal') + i;
      const name = `${String(i).padStart(3, '0')}.dcm`;
      const film = dicomFilm(seed, label === 'abnormal', `${label}-${first}-${i >> 1}`);
      writeFileSync(join(root, label, name), film);
    }
  }
}

const uid = (text: string) =>
  Array.from(text.length % 2 ? `${text}\0` : text, (letter) => letter.charCodeAt(0));

/** Numbers in [0, 1) that are the same on every run. */
function generator(seed: number): () => number {
  let state = seed * 2654435761 + 12345;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
