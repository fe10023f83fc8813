import { expect, it } from 'vitest';
import { inChromium, noChromium } from '../conformance/chromium.js';
import { imageFile } from '../decoding/fixtures.js';
import { fixture } from '../dicom/fixtures.js';

it.skipIf(noChromium)(
  'scoreFiles scores picked files in a page, and says what it cannot',
  async () => {
    const script = new URL('files-in-page.ts', import.meta.url);
    const found = await new Promise<unknown[]>((done, failed) => {
      inChromium(
        false,
        async (page) => {
          const scored = (files: readonly (string | readonly number[])[], recipe?: object) =>
            page.evaluate(([all, by]) => globalThis.scoredFiles(all, by), [files, recipe] as const);
          const png = Array.from(imageFile('grey8.png'));
          const deep = Array.from(imageFile('grey16.png'));
          const film = Array.from(fixture('explicit-little'));
          done([
            await scored([png, png.slice(0, 40), film, deep], { size: [8, 8] }),
            await scored([png]),
            await scored(['a.png'], { size: [8, 8] }),
          ]);
        },
        script,
      ).catch(failed);
    });
    expect(found).toEqual([
      {
        ids: ['0.png', '3.png'],
        problems: [
          expect.objectContaining({ index: 1, id: '1.png', code: 'IMAGE_TRUNCATED' }),
          expect.objectContaining({
            index: 2,
            code: 'IMAGE_UNSUPPORTED',
            message: expect.stringContaining("add dicom() of 'salad-ad/dicom' to the decoders"),
          }),
        ],
      },
      'NO_RECIPE',
      'INVALID_OPTION',
    ]);
  },
);
