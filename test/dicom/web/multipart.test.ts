import { describe, expect, it } from 'vitest';
import { boundaryOf, partsOf } from '../../../src/dicom/web/multipart.js';

const bytes = (text: string) => new TextEncoder().encode(text);
const texts = (text: string) =>
  partsOf(bytes(text), 'b')?.map((part) => new TextDecoder().decode(part));

describe('boundaryOf', () => {
  it('reads it bare and in quotes, of multipart/related alone', () => {
    expect(boundaryOf('multipart/related; type="application/dicom"; boundary=abc')).toBe('abc');
    expect(boundaryOf('Multipart/Related;boundary="a b;c"; type=x')).toBe('a b;c');
    expect(boundaryOf('multipart/related; boundary=abc;type="application/dicom"')).toBe('abc');
    expect(boundaryOf('multipart/related; type="application/dicom"')).toBeUndefined();
    expect(boundaryOf('multipart/form-data; boundary=abc')).toBeUndefined();
    expect(boundaryOf('text/html')).toBeUndefined();
  });
});

describe('partsOf', () => {
  it('gives each body to the byte', () => {
    expect(
      texts('--b\r\nA: 1\r\n\r\none\r\n--b\r\nB: 2\r\nC: 3\r\n\r\n\r\ntwo\n\r\n--b--\r\n'),
    ).toEqual(['one', '\r\ntwo\n']);
  });

  it('passes over what stands before and behind, and spaces after a delimiter', () => {
    expect(texts('hello\r\n--b  \r\nA: 1\r\n\r\none\r\n--b--bye')).toEqual(['one']);
  });

  it('takes parts without headers and without bodies', () => {
    expect(texts('--b\r\n\r\none\r\n--b\r\nA: 1\r\n\r\n\r\n--b--')).toEqual(['one', '']);
    expect(texts('\r\n--b--')).toEqual([]);
  });

  it('takes no line that only looks like a delimiter for one', () => {
    expect(texts('--b\r\n\r\none--b\r--b\n--b\r\n--c\r\n--b--')).toEqual([
      'one--b\r--b\n--b\r\n--c',
    ]);
  });

  it('gives nothing of a body that was cut anywhere', () => {
    const whole = '--b\r\nA: 1\r\n\r\none\r\n--b\r\n\r\ntwo\r\n--b--';
    for (let length = 0; length < whole.length; length++)
      expect(texts(whole.slice(0, length)), String(length)).toBeUndefined();
    expect(texts(whole)).toEqual(['one', 'two']);
  });
});
