import { describe, expect, it } from 'vitest';
import { exitCodes } from '../../../src/cli/frame/exit-codes.js';
import { programHelp } from '../../../src/cli/frame/help.js';

describe('programHelp', () => {
  it('tells every exit code', () => {
    const [, told] = programHelp({
      score: { summary: 'scores', load: () => Promise.reject() },
    }).split('Exit codes: ');
    const codes = told.match(/\b\d+(?= [a-z])/g)?.map(Number);
    expect(codes).toEqual(Object.values(exitCodes));
  });
});
