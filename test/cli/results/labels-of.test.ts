import { expect, it } from 'vitest';
import { judged } from '../../../src/cli/results/labels-of.js';

const row = (file: string, score: number) => ({ file, score });
const record = (path: string, label: 0 | 1) => ({ path, label });

it('labels are found by absolute path, and by how a path ends', () => {
  const { scores, labels } = judged([row('/films/a.png', 1), row('elsewhere/sub/b.png', 2)], {
    root: '/films',
    records: [record('a.png', 0), record('sub/b.png', 1)],
  });
  expect([...scores]).toEqual([1, 2]);
  expect([...labels]).toEqual([0, 1]);
});

it('where no file has a label, the message says by which paths they are looked for', () => {
  expect(() =>
    judged([row('new-films/a.png', 1)], {
      root: '/sorted',
      records: [record('normal/a.png', 0), record('abnormal/b.png', 1)],
    }),
  ).toThrow(
    '0 of 1 scored files have a label, 0 of them abnormal; expected some of both classes: name the folder or list that says which is which with --labelled. Files are found by their path: new-films/a.png was scored, and the labels are for paths such as normal/a.png. Score the folder that has the labels',
  );
});
