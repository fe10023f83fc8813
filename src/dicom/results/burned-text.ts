/** Letters of 5 x 7 pixels: a digit of base 32 for each row, its highest bit at the left. */
const GLYPHS: Readonly<Record<string, string>> = {
  ' ': '0000000',
  A: 'ehhvhhh',
  B: 'uhhuhhu',
  C: 'ehggghe',
  D: 'uhhhhhu',
  E: 'vgguggv',
  F: 'vgguggg',
  G: 'ehgnhhf',
  H: 'hhhvhhh',
  I: 'e44444e',
  J: '72222ic',
  K: 'hikokih',
  L: 'ggggggv',
  M: 'hrllhhh',
  N: 'hhpljhh',
  O: 'ehhhhhe',
  P: 'uhhuggg',
  Q: 'ehhhlid',
  R: 'uhhukih',
  S: 'fgge11u',
  T: 'v444444',
  U: 'hhhhhhe',
  V: 'hhhhha4',
  W: 'hhhllla',
  X: 'hha4ahh',
  Y: 'hhha444',
  Z: 'v1248gv',
  '0': 'ehjlphe',
  '1': '4c4444e',
  '2': 'eh1248v',
  '3': 'v2421he',
  '4': '26aiv22',
  '5': 'vgu11he',
  '6': '68guhhe',
  '7': 'v124888',
  '8': 'ehhehhe',
  '9': 'ehhf12c',
  '.': '00000cc',
  ',': '0000c48',
  '-': '000v000',
  '+': '044v440',
  ':': '0cc0cc0',
  '=': '00v0v00',
  '<': '248g842',
  '>': '8421248',
  '/': '01248g0',
  '%': 'op248j3',
  '(': '2488842',
  ')': '8422248',
  '?': 'eh12404',
};

/** A letter with the gap beside and below it. */
const CELL = { width: 6, height: 9 } as const;
/** Letters of the longest line that is not to be broken. */
const LINE = 41;

/** Grey rows, [height, width]. */
export interface Band {
  readonly pixels: Uint8Array;
  readonly height: number;
}

/**
 * Lines in white on black, as wide as a picture; broken between words where it is narrow. A page and Node draw the same pixels, without a font
 * of the system.
 */
export function band(lines: readonly string[], width: number): Band {
  const scale = Math.max(1, Math.floor(width / (CELL.width * LINE)));
  const letters = Math.max(1, Math.floor(width / (CELL.width * scale)));
  const broken = lines.flatMap((line) => brokenUp(line.toUpperCase(), letters));
  const height = (broken.length * CELL.height + 2) * scale;
  const pixels = new Uint8Array(width * height);
  for (const [row, line] of broken.entries())
    for (const [column, letter] of Array.from(line).entries())
      for (const [x, y] of dots(GLYPHS[letter] ?? GLYPHS['?']))
        for (let i = 0; i < scale * scale; i++) {
          const left = (column * CELL.width + x) * scale + (i % scale);
          const top = (row * CELL.height + 2 + y) * scale + Math.floor(i / scale);
          if (left < width) pixels[top * width + left] = 255;
        }
  return { pixels, height };
}

/** Where a letter is white. */
const dots = (glyph: string): (readonly [x: number, y: number])[] =>
  Array.from(glyph).flatMap((digit, y) =>
    [0, 1, 2, 3, 4]
      .filter((x) => (Number.parseInt(digit, 32) >> (4 - x)) & 1)
      .map((x) => [x, y] as const),
  );

function brokenUp(line: string, letters: number): string[] {
  const rows: string[] = [];
  for (const word of line.split(' '))
    for (let at = 0; at < word.length; at += letters) {
      const piece = word.slice(at, at + letters);
      const last = rows.at(-1);
      if (at === 0 && last !== undefined && last.length + 1 + piece.length <= letters)
        rows[rows.length - 1] = `${last} ${piece}`;
      else rows.push(piece);
    }
  return rows;
}
