/** A constant in words, for tables and pictures: 'originalSize' is 'original size'. */
export function inWords(constant: string): string {
  return constant.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
