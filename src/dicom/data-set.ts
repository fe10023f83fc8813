import type { DataSet } from 'dicom-parser';
import { imageProblem } from '../decoding/image-problem.js';
import { isSaladError, type SaladError } from '../support/errors.js';
import { missingPeer } from '../support/missing-peer.js';
import { inflateFrom } from './inflate.js';
import { hasMark, rawSyntaxOf, type TransferSyntax, transferSyntaxOf } from './transfer-syntax.js';

type DicomParser = typeof import('dicom-parser');

export const PIXEL_DATA = 'x7fe00010';

/** A file taken apart into its elements. */
export interface ParsedFile {
  readonly dataSet: DataSet;
  readonly syntax: TransferSyntax;
}

/**
 * @param maxPixels a deflated file is inflated to what they can take
 * @throws IMAGE_TRUNCATED, IMAGE_INVALID, IMAGE_UNSUPPORTED, IMAGE_TOO_LARGE; MISSING_PEER without 'dicom-parser'
 */
export async function parseFile(bytes: Uint8Array, maxPixels: number): Promise<ParsedFile> {
  const parser = await loadParser();
  // A Buffer would be sliced in other ways than an array of bytes.
  const file = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const rawSyntax = rawSyntaxOf(file);
  if (!hasMark(file) && rawSyntax === undefined)
    throw imageProblem(
      'IMAGE_INVALID',
      'dicom',
      'the file has no DICM mark at byte 128 and begins like no data set',
      'expected a DICOM file; it is of another format or damaged',
    );
  const syntax = transferSyntaxOf(rawSyntax ?? attempt(() => namedSyntax(parser, file)));
  // What was read before the file ends or turns wrong may hold a whole image.
  // Room for the largest pixels that are read, colour or 16 bits, and as much again for all else.
  const maxBytes = 6 * maxPixels + file.length;
  const { dataSet, problem } = parseElements(parser, file, syntax, maxBytes);
  if (!dataSet?.elements[PIXEL_DATA])
    throw (
      problem ??
      imageProblem(
        'IMAGE_INVALID',
        'dicom',
        'the file has no pixel data',
        'expected an image; reports, waveforms and directories (DICOMDIR) hold none',
      )
    );
  return { dataSet, syntax };
}

async function loadParser(): Promise<DicomParser> {
  const loaded: DicomParser & { readonly default?: DicomParser } = await import(
    'dicom-parser'
  ).catch(missingPeer('dicom', 'dicom-parser'));
  // The package is CommonJS: Node puts all of it under `default`, bundlers do or do not.
  return loaded.default ?? loaded;
}

/** What the header of the file says. */
function namedSyntax(parser: DicomParser, file: Uint8Array): string {
  const header = parser.readPart10Header(file);
  const uid = header.string('x00020010');
  if (uid !== undefined) return uid;
  const { dataOffset = 0 } = header.elements.x00020000 ?? {};
  const end = dataOffset + 4 + (header.uint32('x00020000') ?? 0);
  if (end > file.length) throw 'past end';
  throw imageProblem(
    'IMAGE_INVALID',
    'dicom',
    'the file names no transfer syntax',
    'expected one in its header; the file is damaged',
  );
}

function parseElements(
  parser: DicomParser,
  file: Uint8Array,
  syntax: TransferSyntax,
  maxBytes: number,
): { dataSet?: DataSet; problem?: SaladError } {
  try {
    const dataSet = parser.parseDicom(file, {
      TransferSyntaxUID: syntax.uid,
      inflater: (all, from) => inflateFrom(all, from, maxBytes),
    });
    return { dataSet };
  } catch (thrown) {
    if (isSaladError(thrown)) throw thrown;
    const { exception = thrown, dataSet } = (thrown ?? {}) as {
      exception?: unknown;
      dataSet?: DataSet;
    };
    return { dataSet, problem: parserProblem(exception) };
  }
}

/** Does what may throw as dicom-parser throws: texts, not errors. */
export function attempt<T>(read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    throw isSaladError(thrown) ? thrown : parserProblem(thrown);
  }
}

// The parser's own words are left away, for what it throws can hold the whole file.
function parserProblem(thrown: unknown): SaladError {
  const cut = /past end|overrun|overread|eof|position/i.test(String(thrown));
  return imageProblem(
    cut ? 'IMAGE_TRUNCATED' : 'IMAGE_INVALID',
    'dicom',
    cut ? 'the file ends inside an element' : 'the elements of the file are damaged',
    'expected a whole DICOM file; fetch it again',
  );
}
