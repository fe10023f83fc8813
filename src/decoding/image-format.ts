interface Signature {
  readonly format: string;
  readonly at: number;
  readonly text: string;
}

/** How files begin. DICOM first: what stands before its mark may be the first bytes of another format. */
export const SIGNATURES: readonly Signature[] = [
  { format: 'application/dicom', at: 128, text: 'DICM' },
  { format: 'image/png', at: 0, text: '\x89PNG\r\n\x1a\n' },
  { format: 'image/jpeg', at: 0, text: '\xff\xd8\xff' },
  { format: 'image/webp', at: 8, text: 'WEBP' },
  { format: 'image/tiff', at: 0, text: 'II*\0' },
  { format: 'image/tiff', at: 0, text: 'MM\0*' },
  { format: 'image/tiff', at: 0, text: 'II+\0' },
  { format: 'image/tiff', at: 0, text: 'MM\0+' },
  { format: 'image/gif', at: 0, text: 'GIF8' },
  { format: 'image/jp2', at: 0, text: '\0\0\0\x0cjP  ' },
  { format: 'image/jp2', at: 0, text: '\xff\x4f\xff\x51' },
  { format: 'image/jxl', at: 0, text: '\xff\x0a' },
  { format: 'image/jxl', at: 0, text: '\0\0\0\x0cJXL ' },
  { format: 'image/avif', at: 4, text: 'ftypavif' },
  { format: 'image/heic', at: 4, text: 'ftyp' },
  { format: 'image/bmp', at: 0, text: 'BM' },
  { format: 'application/x-npy', at: 0, text: '\x93NUMPY' },
  { format: 'application/zip', at: 0, text: 'PK\x03\x04' },
  { format: 'application/gzip', at: 0, text: '\x1f\x8b' },
  { format: 'application/pdf', at: 0, text: '%PDF' },
  { format: 'text/html', at: 0, text: '<' },
  { format: 'application/json', at: 0, text: '{' },
];

/**
 * The format of a file by its first bytes, whatever its name says.
 *
 * @param head 132 bytes or more, or the whole file
 * @returns such as 'image/png'; undefined where no known format begins like that
 */
export function imageFormat(head: Uint8Array): string | undefined {
  const begins = ({ at, text }: Signature) => {
    for (let i = 0; i < text.length; i++) if (head[at + i] !== text.charCodeAt(i)) return false;
    return true;
  };
  return SIGNATURES.find(begins)?.format;
}
