import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

/** Runs a program that starts wasm and then fails without a catch. */
function run(start: string, failure: string) {
  const program = `
    import * as tf from '@tensorflow/tfjs-core';
    import '@tensorflow/tfjs-backend-wasm';
    import { detectBackend } from './src/backend/index.ts';
    ${start}
    const failing = () => { throw new TypeError('of the application'); };
    ${failure}
  `;
  const options = ['--import', 'tsx', '--input-type=module', '--eval', program];
  return spawnSync(process.execPath, options, { encoding: 'utf8' });
}

const FAILURES = {
  'an error at the top': 'failing();',
  'an error in a timer': 'setTimeout(failing);',
  'a rejection': '(async () => failing())(); setTimeout(() => {}, 1000);',
};

describe.each(Object.entries(FAILURES))('%s that nobody catches', (_, failure) => {
  it('ends the program as Node does it, after detectBackend', () => {
    const { status, stderr } = run('await detectBackend();', failure);
    expect(stderr).toContain('TypeError: of the application');
    expect(stderr.includes('tfjs-backend-wasm')).toBe(false);
    expect(status).toBe(1);
  });

  // What docs/backends.md tells those who call tf.setBackend themselves.
  it('and after the listeners of the backend are removed by hand', () => {
    const byHand = `
      const events = ['uncaughtException', 'unhandledRejection'];
      const before = events.flatMap((event) => process.listeners(event));
      await tf.setBackend('wasm');
      for (const event of events)
        for (const listener of process.listeners(event))
          if (!before.includes(listener)) process.off(event, listener);
    `;
    const { status, stderr } = run(byHand, failure);
    expect(stderr.includes('tfjs-backend-wasm')).toBe(false);
    expect(status).toBe(1);
  });
});

it('is an error of the backend otherwise', () => {
  const { status, stderr } = run("await tf.setBackend('wasm');", 'failing();');
  expect(stderr.includes('tfjs-backend-wasm')).toBe(true);
  expect(status).toBe(7);
});
