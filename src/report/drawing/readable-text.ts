/**
 * Text with the replacement character (U+FFFD) for what no XML may hold, not even escaped: control characters, halves of surrogate
 * pairs, U+FFFE and U+FFFF. One of them in the name of a subgroup makes a whole file unreadable.
 *
 * @see XML 1.0, section 2.2, Char.
 */
export function readableText(text: string): string {
  return text.replace(/[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD');
}
