import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { FilmResult, PackedModel } from '../../../examples/browser/src/workers/messages.js';
import { ScoringPool } from '../../../examples/browser/src/workers/pool.js';

/** A thread that scores a film when the test says so. */
interface FakeThread {
  /** Names of the films that it has, in the order that they came. */
  readonly has: string[];
  finish(name: string): void;
  end(): void;
}

const started: FakeThread[] = [];

vi.mock('../../../examples/browser/src/workers/film-thread.js', () => ({
  startFilmThread() {
    const waiting = new Map<string, (result: FilmResult) => void>();
    const has: string[] = [];
    let fail = (_: Error) => {};
    const ended = new Promise<never>((_, reject) => {
      fail = reject;
    });
    ended.catch(() => {});
    started.push({
      has,
      finish(name) {
        has.splice(has.indexOf(name), 1);
        waiting.get(name)?.({ kind: 'refused', reasons: [name], thumbnail: undefined as never });
      },
      end: () => fail(new Error('out of memory')),
    });
    const score = ({ name }: File) =>
      new Promise<FilmResult>((done) => {
        has.push(name);
        waiting.set(name, done);
      });
    const scorer = { load: async () => ({}), score };
    return { worker: { terminate() {} }, thread: { scorer }, ended };
  },
}));

const settled = () => new Promise((done) => setTimeout(done));
const model = async () => ({ onnx: new Uint8Array() }) as PackedModel;

/** A pool to which films of these names were given, and what became of them so far. */
async function given(names: string, most: number) {
  const pool = new ScoringPool(model, most);
  const results: Record<string, string> = {};
  for (const name of names)
    void pool.score(new File([], name)).then((result) => {
      results[name] = result.kind;
    });
  await settled();
  return { pool, results };
}

beforeEach(() => {
  started.length = 0;
});

describe('ScoringPool', () => {
  it('gives each thread one film to score and one to read, in order', async () => {
    const { results } = await given('abcdefghij', 2);
    expect(started.length).toBe(2);
    const having = () =>
      started
        .flatMap(({ has }) => has)
        .sort()
        .join('');
    expect(having()).toBe('abcd');
    expect(started.map(({ has }) => has.length)).toEqual([2, 2]);
    started.find(({ has }) => has.includes('c'))?.finish('c');
    await settled();
    expect(having()).toBe('abde');
    expect(results).toEqual({ c: 'refused' });
  });

  it('starts no second thread for a few films', async () => {
    await given('abcde', 4);
    expect(started.length).toBe(1);
  });

  it('tries each film alone after a thread ended that had two, and blames the one that ends it again', async () => {
    const { results } = await given('abc', 1);
    expect(started[0].has).toEqual(['a', 'b']);
    started[0].end();
    await settled();
    expect(started[1].has).toEqual(['a']);
    started[1].end();
    await settled();
    expect(results).toEqual({ a: 'unreadable' });
    expect(started[2].has).toEqual(['b']);
    started[2].finish('b');
    await settled();
    expect(started[2].has).toEqual(['c']);
    started[2].finish('c');
    await settled();
    expect(results).toEqual({ a: 'unreadable', b: 'refused', c: 'refused' });
    expect(started.length).toBe(3);
  });

  it('gives up films that wait', async () => {
    const { pool, results } = await given('abc', 1);
    pool.forgetQueue();
    started[0].finish('a');
    started[0].finish('b');
    await settled();
    expect(started[0].has).toEqual([]);
    expect(results).toEqual({ a: 'refused', b: 'refused' });
  });
});
