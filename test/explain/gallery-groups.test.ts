import { expect, it } from 'vitest';
import { galleryGroups } from '../../src/explain/gallery-groups.js';

const scores = [0.9, 0.1, 0.55, 0.45, 0.7, 0.3, 0.2];
const labels = [1, 0, 0, 1, 0, 1, 0];
const rowsOf = (groups: ReturnType<typeof galleryGroups>) =>
  Object.fromEntries(groups.map(({ title, rows }) => [title, rows]));

it('shows both ends, misses, false alarms and what lies near the threshold', () => {
  expect(rowsOf(galleryGroups(scores, { labels, threshold: 0.5, shown: 2 }))).toEqual({
    'Most anomalous': [0, 4],
    'Least anomalous': [1, 6],
    // Abnormal with .45 and .3; the lowest first.
    'Missed: abnormal and not flagged': [5, 3],
    // Normal with .7 and .55; the highest first.
    'False alarms: normal and flagged': [4, 2],
    'Near the threshold': [2, 3],
  });
});

it('knows no misses without labels, and nothing of a threshold without one', () => {
  expect(Object.keys(rowsOf(galleryGroups(scores, { threshold: 0.5, shown: 2 })))).toEqual([
    'Most anomalous',
    'Least anomalous',
    'Near the threshold',
  ]);
  expect(galleryGroups(scores, { labels, shown: 2 })).toHaveLength(2);
});

it('flags a score at the threshold itself', () => {
  const groups = rowsOf(galleryGroups([0.5, 0.4], { labels: [0, 1], threshold: 0.5, shown: 1 }));
  expect(groups['False alarms: normal and flagged']).toEqual([0]);
  expect(groups['Missed: abnormal and not flagged']).toEqual([1]);
});
