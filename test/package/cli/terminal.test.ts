import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { filmsAndModel } from './films.js';
import { eventsOf, program, run } from './run.js';

const { folder } = filmsAndModel();
const python = spawnSync('python3', ['-c', 'import pty']).status === 0;

/** Runs a line in a pseudo terminal, which python3 gives; its standard output and error are one. */
function inTerminal(args: readonly string[]) {
  const script =
    'import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))';
  const { status, stdout } = spawnSync('python3', ['-c', script, program(), ...args], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { code: status, text: stdout };
}

describe.skipIf(!python)('in a pseudo terminal (skipped without python3)', () => {
  it('progress is one line that is written over, with the time left; nothing is JSON', () => {
    const { code, text } = inTerminal([
      'fit',
      'films',
      '--out',
      'terminal',
      '--config',
      'quick.json',
    ]);
    expect(code).toBe(0);
    expect(text).toMatch(/1 of 3 epochs, loss [\d.]+(, validation AUC [\d.]+)?, \d+ s left\r +\r/);
    expect(text).toMatch(/3 of 3 epochs[^\r\n]*\r?\n/);
    expect(text).toMatch(
      /wrote the model to 'terminal'; `salad-ad score FILES --model terminal` scores films/,
    );
    expect(text).not.toContain('{"event"');
  });

  it('says what is wrong in one sentence', () => {
    expect(inTerminal(['score', 'nowhere', '--model', 'model'])).toEqual({
      code: 4,
      text: "salad-ad score: 'nowhere' cannot be read: there is no such file or folder; give a file or folder that exists\r\n",
    });
  });
});

describe('in a pipe', () => {
  it('every line of the standard error is JSON, and the standard output holds results alone', async () => {
    const { out, err } = await run(['score', 'films', '--model', 'model'], { cwd: folder });
    const lines = err.trim().split('\n');
    expect(eventsOf(err)).toHaveLength(lines.length);
    expect(eventsOf(err)).toContainEqual(
      expect.objectContaining({
        event: 'progress',
        what: 'images',
        done: 80,
        total: 80,
        secondsLeft: 0,
      }),
    );
    expect(out.trim().split('\n')).toHaveLength(81);
  });

  it('--quiet says nothing where nothing is wrong', async () => {
    expect(
      (await run(['score', 'films', '--model', 'model', '--quiet'], { cwd: folder })).err,
    ).toBe('');
  });
});
