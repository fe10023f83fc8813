import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { onTheLine, PHRASES, told } from '../../../src/cli/frame/failure.js';
import { SaladError } from '../../../src/support/errors.js';

const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && !path.startsWith('cli') && !path.includes('generated'))
  .map((path) => readFileSync(join('src', path), 'utf8'));

describe('messages of the library on the line', () => {
  it.each(PHRASES.map(([ofLibrary]) => ofLibrary))(
    'the library still says "%s", or nothing would replace it',
    (phrase) => {
      // A message may be put together of several strings.
      const words = phrase.split(/[:;,.] /).filter((part) => part.length > 10);
      for (const part of words.length > 0 ? words : [phrase])
        expect(sources.some((text) => text.includes(part.replace(/\.$/, '')))).toBe(true);
    },
  );

  it('has remedies of the line in place of those of a program', () => {
    expect(onTheLine('fit: use 19 normal images at least, or a lower quantile.')).toBe(
      'use 19 normal images at least, or a higher --false-alarms.',
    );
  });

  it('a missing package is installed with those that it is needed with', () => {
    const error = new SaladError(
      'MISSING_PEER',
      "renderReport: the optional package 'nothing-of-this-name' could not be loaded; expected it to be installed beside salad-ad; run `npm install nothing-of-this-name`.",
    );
    expect(told(error)).toEqual({
      exitCode: 3,
      message:
        "the optional package 'nothing-of-this-name' could not be loaded; expected it to be installed beside salad-ad; run `npm install nothing-of-this-name`. [MISSING_PEER]",
    });
  });

  it('a full disk is told as such', () => {
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), {
      code: 'ENOSPC',
    });
    expect(told(full)).toEqual({
      exitCode: 4,
      message:
        'ENOSPC: no space left on device, write; no space is left there: free some, or write elsewhere',
    });
  });
});
