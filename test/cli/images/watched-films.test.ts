import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { watched } from '../../../src/cli/images/watched-films.js';

const busy = Object.assign(
  new Error('the server answered with status 503, and was asked 5 times; try again later'),
  { code: 'IMAGE_UNREADABLE' },
);
const gone = Object.assign(new Error('the server answered with status 404'), {
  code: 'IMAGE_UNREADABLE',
  details: { status: 404 },
});

/** Films of a server that fails as it is told to; how often it was asked. */
function server() {
  const state = { asked: 0, failure: undefined as unknown };
  const films = watched({
    ids: [],
    records: [],
    store: async () => {},
    async open({ path }) {
      state.asked += 1;
      if (state.failure) throw state.failure;
      return new TextEncoder().encode(path);
    },
  });
  const ask = (times: number) =>
    Promise.allSettled(Array.from({ length: times }, (_, i) => films.open({ path: `${i}` })));
  return { state, films, ask };
}

describe('watched', () => {
  it('asks nothing more after eight failures of the server in a row', async () => {
    const { state, films, ask } = server();
    state.failure = busy;
    await ask(7);
    expect(films.down()).toBeUndefined();
    await ask(1);
    expect(films.down()).toBe(busy.message);
    expect((await ask(3)).map(({ status }) => status)).toEqual(Array(3).fill('rejected'));
    expect(state.asked).toBe(8);
  });

  it('begins to count anew with every film that comes, or that the server answers for', async () => {
    const { state, films, ask } = server();
    for (const between of [undefined, gone]) {
      state.failure = busy;
      await ask(7);
      state.failure = between;
      await ask(1);
      expect(films.down()).toBeUndefined();
    }
    state.failure = gone;
    await ask(100);
    expect(films.down()).toBeUndefined();
  });

  it('tells the hash of each film that came, once', async () => {
    const { films, ask } = server();
    await ask(2);
    const facts = await films.factsOf(['1', 'another']);
    const fileHash = createHash('sha256').update('1').digest('hex');
    expect(await facts()).toEqual([{ fileHash }, { fileHash: undefined }]);
    expect(await facts()).toEqual([{ fileHash: undefined }, { fileHash: undefined }]);
  });
});
