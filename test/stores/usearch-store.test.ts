import { Index, MetricKind, ScalarKind } from 'usearch';
import { describe, expect, it } from 'vitest';
import { usearchStore } from '../../src/stores/index.js';
import { RandomStream } from '../../src/support/random.js';
import { codeOf } from '../support/code-of.js';
import { clusteredRows } from './array-store.js';
import { describeStore } from './conformance.js';

const indexOf = (kind: ScalarKind) => new Index(16, MetricKind.L2sq, kind);

describeStore('usearch, f32', {
  make: async () => usearchStore(indexOf(ScalarKind.F32), { dim: 16 }),
  leastRecall: 0.98,
});

describeStore('usearch, i8, with twice as many candidates', {
  make: async () => usearchStore(indexOf(ScalarKind.I8), { dim: 16, candidates: 2 }),
  leastRecall: 0.8,
});

describe('usearchStore', () => {
  const random = new RandomStream(5, ['usearch']);
  const rows = clusteredRows(() => random.uniform(), 30, 16);
  const ids = Array.from({ length: 30 }, (_, i) => 2 * i);

  it('takes an index that was saved, with its rows', async () => {
    const index = indexOf(ScalarKind.F32);
    await usearchStore(index, { dim: 16 }).add({ ids, rows });
    const store = usearchStore(index, { dim: 16, stored: { ids, rows } });
    expect(await store.size()).toBe(30);
    const [{ ids: found }] = await store.nearest(rows.slice(7 * 16, 8 * 16), 1);
    expect(found[0]).toBe(14);
  });

  it('refuses an index whose rows are not those given, or of another size', () => {
    const index = indexOf(ScalarKind.F32);
    index.add(0n, rows.slice(0, 16), 1);
    expect(codeOf(() => usearchStore(index, { dim: 16 }))).toBe('SHAPE_MISMATCH');
    expect(codeOf(() => usearchStore(indexOf(ScalarKind.F32), { dim: 8 }))).toBe('SHAPE_MISMATCH');
  });

  it('names the package where something else is given', () => {
    expect(() => usearchStore({} as never, { dim: 16 })).toThrow('npm install usearch');
  });
});
