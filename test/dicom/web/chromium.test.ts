import { describe, expect, it } from 'vitest';
import { dicom } from '../../../src/dicom/index.js';
import { inChromium, noChromium } from '../../conformance/chromium.js';
import { largestDifference } from '../fixtures.js';
import { archive, film, uids } from './archive.js';

describe.skipIf(noChromium)(`an archive in Chromium${noChromium ? `: ${noChromium}` : ''}`, () => {
  it('is read as in Node, where it allows the page', async () => {
    const ids = uids(3);
    const [busy, moved, sound] = ids;
    const films = new Map(ids.map((uid) => [uid, film(uid)]));
    const authorized: unknown[] = [];
    const { url, close } = await archive(films, ({ path, headers, before }, response) => {
      response.setHeader('access-control-allow-origin', '*');
      response.setHeader('access-control-allow-headers', 'accept, authorization');
      // The browser asks first whether the headers are allowed.
      if (headers['access-control-request-headers']) return !!response.writeHead(204).end();
      authorized.push(headers.authorization);
      if (path.endsWith(busy) && before < 3) return !!response.writeHead(503).end();
      if (path.endsWith(moved))
        return !!response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end();
      return false;
    });
    try {
      const found = await inChromium(
        false,
        (page) => page.evaluate((address) => globalThis.readInPage(address), url),
        new URL('in-page.ts', import.meta.url),
      );
      expect(found.ids).toEqual(ids);
      expect(found.problems).toEqual([
        expect.stringMatching(`^${moved}: the server answered by sending on to another address; `),
      ]);
      const { pixels } = await dicom().decode(film(sound), { maxPixels: 2 ** 20 });
      expect(largestDifference(found.pixels, [...pixels, ...pixels])).toBe(0);
      expect(new Set(authorized)).toEqual(new Set(['Bearer token']));
    } finally {
      await close();
    }
  }, 300_000);
});
