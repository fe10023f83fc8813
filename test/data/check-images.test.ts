import { describe, expect, it } from 'vitest';
import { arraySource } from '../../src/data/array-source.js';
import { type CheckProgress, checkImages } from '../../src/data/check-images.js';
import { subset } from '../../src/data/combine.js';
import { ProblemReport } from '../../src/data/problem-report.js';
import type { ImageSource } from '../../src/images/image-source.js';
import { SaladError } from '../../src/support/errors.js';
import { lossySource } from '../support/lossy-source.js';

const count = 20;
const pixels = Uint8Array.from({ length: count }, (_, i) => i);
const labels = Array.from(pixels, (i) => i % 2);
const whole = arraySource({ pixels, shape: [1, 1, 1], labels });
const isLost = (index: number) => index % 7 === 3; // 3, 10, 17

/** Skips what is lost, or refuses to read it. */
function lossy(policy: 'skip' | 'error', reads: number[] = []): ImageSource {
  const skipping = lossySource(whole, isLost, { code: 'IMAGE_INVALID', message: 'torn' });
  return {
    ...whole,
    async read(indices) {
      reads.push(...Array.from(indices));
      const batch = await skipping.read(indices);
      if (policy === 'error' && batch.problems) throw new SaladError('IMAGE_INVALID', 'torn');
      return batch;
    },
  };
}

describe('checkImages', () => {
  it.each(['skip', 'error'] as const)(
    'leaves out what a source that would %s cannot read',
    async (policy) => {
      const { source, report } = await checkImages(lossy(policy));
      const kept = Array.from(pixels).filter((i) => !isLost(i));
      expect(source.ids).toEqual(kept.map((i) => `image-${i}`));
      expect(source.labels).toEqual(kept.map((i) => labels[i]));
      expect([...(await source.read(kept.map((_, i) => i))).pixels]).toEqual(kept);
      expect(report.counts).toEqual({ IMAGE_INVALID: 3 });
      expect(report.problems.map(({ index, id, message }) => [index, id, message])).toEqual(
        [3, 10, 17].map((i) => [i, `image-${i}`, 'torn']),
      );
    },
  );

  it('gives the source itself where all is well', async () => {
    const { source, report } = await checkImages(whole);
    expect(source).toBe(whole);
    expect(report.toText()).toBe('Every image could be read.');
  });

  it('reads each image once, however many at a time', async () => {
    const reads: number[] = [];
    await checkImages(lossy('skip', reads), { concurrency: 7 });
    expect(reads.sort((a, b) => a - b)).toEqual(Array.from(pixels));
  });

  it('ends at the first under error, and names it', async () => {
    const reads: number[] = [];
    const check = checkImages(lossy('skip', reads), { onUnreadable: 'error', concurrency: 1 });
    await expect(check).rejects.toMatchObject({
      code: 'IMAGE_INVALID',
      message: "checkImages: 'image-3': torn [IMAGE_INVALID]",
    });
    expect(reads).toEqual([0, 1, 2, 3]);
  });

  it('hands on what is no fault of one image', async () => {
    const broken = {
      ...whole,
      read: () => Promise.reject(new SaladError('MISSING_PEER', 'sharp')),
    };
    await expect(checkImages(broken)).rejects.toMatchObject({ code: 'MISSING_PEER' });
    await expect(
      checkImages({ ...whole, read: () => Promise.reject(new TypeError('bug')) }),
    ).rejects.toThrow('bug');
  });

  it('is an error where nothing can be read', async () => {
    const source = lossy('skip');
    const none = subset(source, [3]);
    await expect(checkImages(none)).rejects.toMatchObject({ code: 'IMAGE_UNREADABLE' });
  });

  it('goes on where it was ended, through JSON', async () => {
    for (const stopAt of [1, 4, 11]) {
      const controller = new AbortController();
      let saved = '';
      const onProgress = (progress: CheckProgress) => {
        expect(progress.secondsLeft).toBeGreaterThanOrEqual(0);
        saved = JSON.stringify(progress);
        if (progress.done === stopAt) controller.abort(new Error('enough'));
      };
      const { signal } = controller;
      await expect(
        checkImages(lossy('skip'), { signal, onProgress, concurrency: 3 }),
      ).rejects.toThrow('enough');
      const reads: number[] = [];
      const { source, report } = await checkImages(lossy('skip', reads), {
        resume: JSON.parse(saved),
      });
      expect(reads.length).toBeLessThanOrEqual(count - stopAt + 3);
      expect(source.length).toBe(17);
      expect(report.problems.map(({ index, times }) => [index, times]).sort()).toEqual([
        [10, 1],
        [17, 1],
        [3, 1],
      ]);
      const other = { ...whole, ids: whole.ids.map((id) => `${id}!`) };
      await expect(checkImages(other, { resume: JSON.parse(saved) })).rejects.toMatchObject({
        code: 'CHECKPOINT_MISMATCH',
      });
    }
  });

  it('puts nothing aside after it has ended, and tells of all that it did', async () => {
    const controller = new AbortController();
    const aside: number[] = [];
    let last: CheckProgress | undefined;
    const check = checkImages(lossy('skip'), {
      onUnreadable: 'quarantine',
      concurrency: 4,
      signal: controller.signal,
      quarantine: async ({ index }) => {
        controller.abort(new Error('enough'));
        await new Promise((done) => setTimeout(done, 30));
        aside.push(index);
        return 'moved';
      },
      onProgress: (progress) => {
        last = progress;
      },
    });
    await expect(check).rejects.toThrow('enough');
    expect(aside).toEqual([3]);
    expect(last?.report.problems).toMatchObject([{ index: 3, action: 'moved' }]);
    await new Promise((done) => setTimeout(done, 60));
    expect(aside).toEqual([3]);
  });

  it('refuses a quarantine without a place, and a place without quarantine', async () => {
    for (const options of [
      { onUnreadable: 'quarantine' } as const,
      { quarantine: async () => 'moved' },
      { onUnreadable: 'drop' as 'skip' },
      { concurrency: 0 },
    ])
      await expect(checkImages(whole, options)).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });
});

describe('ProblemReport', () => {
  const torn = { index: 3, id: 'a/3.png', code: 'IMAGE_INVALID', message: 'torn' };

  it('names each image once, and counts by code', () => {
    const report = new ProblemReport();
    report.add(torn);
    report.add(torn);
    report.add({ ...torn, index: 4, id: 'a/4.png', action: 'moved to a/4.png' });
    report.add({ ...torn, code: 'IMAGE_UNREADABLE', message: 'gone' });
    expect(report.counts).toEqual({ IMAGE_INVALID: 2, IMAGE_UNREADABLE: 1 });
    expect(report.toText()).toBe(
      [
        '2 images could not be read:',
        '  2 x IMAGE_INVALID',
        '  1 x IMAGE_UNREADABLE',
        'a/3.png: torn (2 times)',
        'a/3.png: gone',
        'a/4.png: torn (moved to a/4.png)',
      ].join('\n'),
    );
    const [{ when }] = report.problems;
    expect(new Date(when).toISOString()).toBe(when);
  });

  it('is in the order of the images, whichever was found first', () => {
    const report = new ProblemReport();
    report.add({ ...torn, index: 9, id: 'a/9.png', code: 'IMAGE_UNREADABLE' });
    report.add(torn);
    expect(report.problems.map(({ index }) => index)).toEqual([3, 9]);
    expect(Object.keys(report.counts)).toEqual(['IMAGE_INVALID', 'IMAGE_UNREADABLE']);
  });

  it('is the same from its JSON', () => {
    const report = new ProblemReport();
    report.add(torn);
    const again = new ProblemReport(JSON.parse(JSON.stringify(report)));
    expect(again.toJSON()).toEqual(report.toJSON());
    again.add(torn);
    expect(again.problems[0].times).toBe(2);
  });
});
