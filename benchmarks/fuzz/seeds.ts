import { readdirSync, readFileSync } from 'node:fs';

/** A small file that mutations start from. */
export interface Seed {
  readonly name: string;
  readonly kind: 'dicom' | 'jpeg' | 'png' | 'tiff' | 'webp';
  /** Counted together in the report: a format, or a transfer syntax of DICOM. */
  readonly group: string;
  readonly bytes: Uint8Array;
}

const FIXTURES = new URL('../../test/fixtures/', import.meta.url);
const KINDS = { dcm: 'dicom', jpg: 'jpeg', png: 'png', tif: 'tiff', webp: 'webp' } as const;

/** The seeds, in the order of their names. */
export function loadSeeds(): Seed[] {
  return ['dicom/', 'fuzz/seeds/'].flatMap((folder) =>
    readdirSync(new URL(folder, FIXTURES))
      .sort()
      .flatMap((name) => {
        const kind = KINDS[name.split('.').pop() as keyof typeof KINDS];
        if (!kind) return [];
        const bytes = new Uint8Array(readFileSync(new URL(folder + name, FIXTURES)));
        return [{ name, kind, group: kind === 'dicom' ? syntaxOf(bytes) : kind, bytes }];
      }),
  );
}

/** The transfer syntax that the first bytes of a file name. */
function syntaxOf(bytes: Uint8Array): string {
  const text = String.fromCharCode(...bytes.subarray(0, 512));
  const [uid = 'no file header'] = text.match(/1\.2\.840\.10008\.1\.2(\.[\d.]+)?(?=\W)/) ?? [];
  return `dicom ${uid}`;
}
